// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.job;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Which plug-ins the threads of a job are in, so that one that keeps a job from ending can be
 * named. Threads that are started by a thread of a job belong to the job, too.
 */
public final class Occupations {

    private static final InheritableThreadLocal<Occupations> CURRENT =
            new InheritableThreadLocal<>();

    private final Map<Thread, Object> plugins = new ConcurrentHashMap<>();

    Occupations() {}

    /** Runs the work of a job. */
    void run(Runnable work) {
        CURRENT.set(this);
        try {
            work.run();
        } finally {
            CURRENT.remove();
        }
    }

    /** A call of a plug-in, until it is closed. */
    @FunctionalInterface
    public interface Stay extends AutoCloseable {

        @Override
        void close();
    }

    /**
     * Takes note that this thread calls a plug-in, on behalf of its job if there is one.
     *
     * @param plugin the plug-in, whose text names it
     * @return to be closed when the call is over
     */
    public static Stay enter(Object plugin) {
        Occupations job = CURRENT.get();
        if (job == null) {
            return () -> {};
        }
        Thread thread = Thread.currentThread();
        Object outer = job.plugins.put(thread, plugin);
        return () -> {
            if (outer == null) {
                job.plugins.remove(thread);
            } else {
                job.plugins.put(thread, outer);
            }
        };
    }

    /** Returns a plug-in that a thread of the job is in now. */
    Optional<String> any() {
        return plugins.values().stream().map(Object::toString).findFirst();
    }

    /** Returns the plug-in that has asked the JVM to exit, a call that never returns. */
    Optional<String> exiting() {
        return plugins.entrySet().stream()
                .filter(entry -> isExiting(entry.getKey()))
                .map(entry -> entry.getValue().toString())
                .findFirst();
    }

    private static boolean isExiting(Thread thread) {
        return Stream.of(thread.getStackTrace())
                .anyMatch(
                        frame ->
                                frame.getClassName().equals(Runtime.class.getName())
                                        && frame.getMethodName().equals("exit"));
    }
}

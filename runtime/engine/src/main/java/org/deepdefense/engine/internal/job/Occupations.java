// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.job;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
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

    /**
     * Calls a plug-in, on behalf of the job of this thread if there is one.
     *
     * @param plugin the plug-in, whose text names it
     * @param call calls it
     * @param <T> the type of the result
     * @return the result of the call
     */
    public static <T> T in(Object plugin, Supplier<T> call) {
        Occupations job = CURRENT.get();
        if (job == null) {
            return call.get();
        }
        Thread thread = Thread.currentThread();
        Object outer = job.plugins.put(thread, plugin);
        try {
            return call.get();
        } finally {
            if (outer == null) {
                job.plugins.remove(thread);
            } else {
                job.plugins.put(thread, outer);
            }
        }
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

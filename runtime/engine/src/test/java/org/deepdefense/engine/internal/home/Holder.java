// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Another process, which claims a name and begins to write files until it is killed. */
public final class Holder implements AutoCloseable {

    private final Process process;

    /** Starts the process, and returns when it has claimed and begun. */
    public Holder(Path home, String name, Path... drafts) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Holder.class.getName(), home.toString(), name));
        Arrays.stream(drafts).map(Path::toString).forEach(command::add);
        process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        if (process.getInputStream().read() != 'r') {
            throw new IOException("the other process did not begin");
        }
    }

    public long pid() {
        return process.pid();
    }

    /** Kills the process. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }

    public static void main(String[] arguments) throws Exception {
        Home home = new Home(Path.of(arguments[0]));
        new Claims(home.checkpoints(), home).claim(arguments[1]);
        for (int i = 2; i < arguments.length; i++) {
            Draft.in(Path.of(arguments[i]))
                    .write(stream -> stream.write("half".getBytes(StandardCharsets.UTF_8)));
        }
        System.out.print("r");
        System.out.flush();
        System.in.read();
    }
}

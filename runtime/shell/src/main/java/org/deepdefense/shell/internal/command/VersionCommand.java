// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.util.List;
import org.deepdefense.shell.internal.json.ResultFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Tells versions. */
@Command(name = "version", description = "Tells the versions of this software and of Java.")
public final class VersionCommand implements ShellCommand {

    @Mixin private ListOptions options;

    private record Versions(String version, String java, String system, List<String> bundles) {}

    @Override
    public void run(Session session) {
        ResultFile json = options.open(session);
        Versions versions =
                new Versions(
                        session.services().platform().version(),
                        Runtime.version().toString(),
                        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                        session.services().platform().bundles());
        session.console()
                .println(
                        "Deep Defense "
                                + versions.version()
                                + ", Java "
                                + versions.java()
                                + ", "
                                + versions.system());
        session.console().println(versions.bundles().stream().map(b -> "  " + b).toList());
        json.writeJson(versions);
    }
}

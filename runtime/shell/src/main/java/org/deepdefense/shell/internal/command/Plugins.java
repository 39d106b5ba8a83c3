// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.deepdefense.catalog.PluginInfo;
import org.deepdefense.report.text.PluginText;
import org.deepdefense.shell.internal.json.ResultFile;

/** What the commands that list plug-ins have in common. */
record Plugins(Session session, ListOptions options) {

    void show(PluginInfo.Kind kind, Optional<String> name) {
        ResultFile json = options.open(session);
        PluginText text = new PluginText(session.console().look());
        if (name.isPresent()) {
            PluginInfo plugin = session.services().catalog().get(kind, name.get());
            session.console().println(text.details(plugin));
            json.writeJson(plugin);
            return;
        }
        List<PluginInfo> plugins = session.services().catalog().list(kind);
        if (plugins.isEmpty()) {
            session.console()
                    .println("No " + kind.name().toLowerCase(Locale.ROOT) + " is registered.");
        } else {
            session.console().println(text.list(plugins));
        }
        json.writeJson(plugins);
    }
}

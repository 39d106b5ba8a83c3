// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.deepdefense.catalog.Catalog;
import org.deepdefense.shell.internal.console.Console;

/** Tells the user what is wrong with the configurations, each thing once until it is mended. */
final class ConfigurationNotice {

    private final Catalog catalog;
    private final Set<String> told = new HashSet<>();

    ConfigurationNotice(Catalog catalog) {
        this.catalog = catalog;
    }

    synchronized void show(Console console) {
        List<String> problems = catalog.problems();
        told.retainAll(problems);
        for (String problem : problems) {
            if (told.add(problem)) {
                console.err().println("warning: " + console.errLook().text(problem));
            }
        }
    }
}

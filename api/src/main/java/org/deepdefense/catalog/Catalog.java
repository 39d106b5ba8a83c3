// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.catalog;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What is registered at this moment. Where several plug-ins have one name, the one with the highest
 * service ranking serves it; among versions of one bundle the newest, and among bundles of equal
 * rank the one that came first. The others are chosen by {@code NAME@VERSION}, {@code NAME@BUNDLE}
 * or {@code NAME@BUNDLE/VERSION}, wherever a name is asked for.
 */
@ProviderType
public interface Catalog {

    /**
     * Returns the plug-ins of a kind.
     *
     * @param kind the kind
     * @return the plug-ins, by name
     */
    List<PluginInfo> list(PluginInfo.Kind kind);

    /**
     * Returns a plug-in.
     *
     * @param kind the kind
     * @param name its name, with a selector or without
     * @return the plug-in
     * @throws org.deepdefense.DeepDefenseException if there is none, the message has the names that
     *     there are; if several bundles fit the selector; or if the plug-in does not start
     */
    PluginInfo get(PluginInfo.Kind kind, String name);

    /**
     * Returns what is wrong with the configurations that there are at this moment: names and values
     * that cannot be, and components that are not there. Where a value is wrong, the default is in
     * force.
     *
     * @return a line each, with cause and remedy; nothing if all is well
     */
    List<String> problems();
}

package org.deepdefense.catalog;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What is registered at this moment. Where several plug-ins have one name, the one with the highest
 * service ranking counts.
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
     * @param name its name
     * @return the plug-in
     * @throws org.deepdefense.DeepDefenseException if there is none; the message has the names that
     *     there are
     */
    PluginInfo get(PluginInfo.Kind kind, String name);
}

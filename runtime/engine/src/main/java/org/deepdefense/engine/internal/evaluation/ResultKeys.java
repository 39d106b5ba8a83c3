package org.deepdefense.engine.internal.evaluation;

import ai.djl.engine.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.engine.internal.attack.BoundAttack;
import org.deepdefense.engine.internal.catalog.PluginCatalog;
import org.deepdefense.engine.internal.catalog.PluginUse;
import org.deepdefense.engine.internal.work.Checksums;
import org.deepdefense.engine.internal.work.Versions;

/**
 * Names the results of an attack by all that they depend on: weights, images, parameters and seed,
 * and the code of the attack, the architecture, the data set and this engine. Code is known by the
 * content of its bundle, so that an attack that is being developed never gets the results of its
 * former self.
 */
final class ResultKeys {

    private final PluginCatalog catalog;

    ResultKeys(PluginCatalog catalog) {
        this.catalog = catalog;
    }

    /**
     * Returns the key of an attack's results.
     *
     * @param subject the network and the images
     * @param attack the attack and its parameters
     * @param seed the seed of its random numbers
     * @param refinements what is done with what it returns
     * @return the key, or nothing if some code is not from a bundle
     */
    Optional<String> attack(
            Subject subject, PluginUse<BoundAttack<?>> attack, long seed, String refinements) {
        return catalog.codeChecksum(attack)
                .flatMap(
                        code ->
                                clean(subject)
                                        .map(
                                                clean ->
                                                        String.join(
                                                                "\n",
                                                                clean,
                                                                name(attack),
                                                                code,
                                                                "seed " + seed,
                                                                refinements)));
    }

    private static String name(PluginUse<BoundAttack<?>> attack) {
        return "attack "
                + attack.service().attack().getClass().getName()
                + " "
                + attack.provenance().parameters();
    }

    /**
     * Returns the key of what the network says of images that no attack has touched.
     *
     * @param subject the network and the images
     * @return the key, or nothing if some code is not from a bundle
     */
    Optional<String> clean(Subject subject) {
        Optional<String> networkCode = networkCode(subject);
        Optional<String> datasetCode = catalog.codeChecksum(subject.dataset().provider());
        if (networkCode.isEmpty() || datasetCode.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                String.join(
                        "\n",
                        "network " + subject.network().checksum(),
                        networkCode.get(),
                        "images " + subject.dataset().source() + " " + subject.dataset().split(),
                        datasetCode.get(),
                        "engine " + catalog.engineChecksum() + " " + Versions.all(),
                        "device " + Engine.getInstance().defaultDevice()));
    }

    /** A checksum of weights says nothing of the architecture: a file holds both. */
    private Optional<String> networkCode(Subject subject) {
        Optional<Path> file = subject.network().modelFile();
        if (file.isEmpty()) {
            return catalog.findModel(subject.network().model()).flatMap(catalog::codeChecksum);
        }
        List<String> parts = new ArrayList<>();
        try {
            parts.add(Checksums.of(file.get()));
        } catch (IOException e) {
            throw new DeepDefenseException(
                    file.get() + " can't be read (" + e.getMessage() + ")",
                    "leave the file where it is until the work is done",
                    e);
        }
        for (PluginUse<?> format : catalog.formats()) {
            Optional<String> code = catalog.codeChecksum(format);
            if (code.isEmpty()) {
                return code;
            }
            parts.add(code.get());
        }
        return Optional.of(String.join(" ", parts));
    }
}

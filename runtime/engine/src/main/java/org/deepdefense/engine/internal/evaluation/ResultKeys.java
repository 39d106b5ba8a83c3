// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.evaluation;

import ai.djl.engine.Engine;
import java.util.Optional;
import org.deepdefense.engine.internal.catalog.AttackUse;
import org.deepdefense.engine.internal.catalog.PluginCatalog;
import org.deepdefense.engine.internal.network.NetworkCode;
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
     * @param terms on what terms it is run
     * @return the key, or nothing if some code is not from a bundle
     */
    Optional<String> attack(Subject subject, AttackUse attack, Terms terms) {
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
                                                                "seed " + terms.goal().seed(),
                                                                terms.key(attack))));
    }

    private static String name(AttackUse attack) {
        return "attack " + attack.code() + " " + attack.provenance().parameters();
    }

    /**
     * Returns the key of what the network says of images that no attack has touched.
     *
     * @param subject the network and the images
     * @return the key, or nothing if some code is not from a bundle
     */
    Optional<String> clean(Subject subject) {
        Optional<String> networkCode = NetworkCode.checksum(subject.network(), catalog);
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
}

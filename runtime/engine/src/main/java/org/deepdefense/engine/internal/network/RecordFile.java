// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.network;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.job.Provenance;
import org.deepdefense.network.NetworkRecord;
import org.deepdefense.report.internal.json.Json;

/** Reads the records of saved networks, which may be damaged. */
final class RecordFile {

    private static final long LARGEST = 16 << 20;
    private static final int DIMENSIONS = 3;

    private RecordFile() {}

    /**
     * Reads a record.
     *
     * @param file the file
     * @param name the name of the network
     * @return the record, without anything missing
     * @throws DeepDefenseException if it can't be read or is not the record of such a network
     */
    static NetworkRecord read(Path file, String name) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new IllegalArgumentException("it has " + Files.size(file) + " bytes");
            }
            NetworkRecord record = Json.read(Files.readString(file), NetworkRecord.class);
            check(record, name);
            return record;
        } catch (CharacterCodingException e) {
            throw damaged(file, "it is no text", e);
        } catch (IOException | RuntimeException e) {
            throw damaged(file, e.getMessage(), e);
        }
    }

    private static DeepDefenseException damaged(Path file, String reason, Exception cause) {
        return new DeepDefenseException(
                file + " is damaged or can't be read (" + reason + ")",
                "delete the directory and train the network again, or restore it",
                cause);
    }

    private static void check(NetworkRecord record, String name) {
        if (!name.equals(record.name())) {
            throw new IllegalArgumentException("it is the record of " + record.name());
        }
        Provenance training = record.training();
        boolean whole =
                present(
                                record.model(),
                                record.inputShape(),
                                record.checksum(),
                                training,
                                record.parent(),
                                record.metrics())
                        && present(
                                training.created(),
                                training.plugins(),
                                training.network(),
                                training.dataset(),
                                training.settings(),
                                training.versions())
                        && training.plugins().values().stream().allMatch(RecordFile::isWhole)
                        && record.metrics().stream().allMatch(Objects::nonNull);
        if (!whole) {
            throw new IllegalArgumentException("a part is missing");
        }
        checkShape(record.inputShape(), record.classes());
    }

    private static boolean isWhole(Provenance.Plugin plugin) {
        return plugin != null && present(plugin.name(), plugin.bundle(), plugin.parameters());
    }

    private static boolean present(Object... parts) {
        return Stream.of(parts).allMatch(Objects::nonNull);
    }

    private static void checkShape(List<Long> shape, int classes) {
        boolean sound =
                classes > 0
                        && shape.size() == DIMENSIONS
                        && shape.stream().allMatch(size -> size != null && size > 0);
        if (!sound || shape.stream().reduce(1L, Math::multiplyExact) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "it takes images of shape " + shape + " in " + classes + " classes");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.job;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import org.deepdefense.engine.internal.home.AtomicFiles;
import org.deepdefense.engine.internal.home.Home;
import org.deepdefense.engine.internal.home.LockFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Numbers jobs so that no two jobs of a home have one name, in whatever process they run. */
final class JobNumbers {

    private static final Logger logger = LoggerFactory.getLogger(JobNumbers.class);

    private final Path file;
    private final Path lock;
    private final ToIntFunction<String> known;
    private final Map<String, Integer> last = new ConcurrentHashMap<>();

    /**
     * Goes on with the numbers of a home.
     *
     * @param home where the last numbers are kept
     * @param known returns the highest number of a kind in the history, or 0
     */
    JobNumbers(Home home, ToIntFunction<String> known) {
        this.file = home.jobs().resolve("numbers.properties");
        this.lock = home.jobs().resolve("numbers.lock");
        this.known = known;
    }

    /** Returns the next number of a kind of jobs. */
    synchronized int next(String kind) {
        int number;
        try {
            number = claim(kind);
        } catch (IOException | RuntimeException e) {
            // A home that cannot be written to has no history that names could clash in.
            logger.debug("{} cannot be used", file, e);
            number = last.getOrDefault(kind, 0) + 1;
        }
        last.put(kind, number);
        return number;
    }

    private int claim(String kind) throws IOException {
        LockFile held = LockFile.lock(lock);
        try {
            Properties numbers = read();
            int highest = Math.max(number(numbers.getProperty(kind)), last.getOrDefault(kind, 0));
            int number = (highest > 0 ? highest : known.applyAsInt(kind)) + 1;
            numbers.setProperty(kind, Integer.toString(number));
            AtomicFiles.write(file, stream -> numbers.store(stream, null));
            return number;
        } finally {
            held.close();
        }
    }

    /** Reads the last numbers; a file that is damaged is as good as none. */
    private Properties read() throws IOException {
        Properties numbers = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
                numbers.load(reader);
            } catch (IllegalArgumentException e) {
                logger.debug("{} is damaged", file, e);
            }
        }
        return numbers;
    }

    private static int number(String text) {
        return text != null && text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }
}

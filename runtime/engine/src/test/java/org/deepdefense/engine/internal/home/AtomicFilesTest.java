// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.home;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.deepdefense.DeepDefenseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AtomicFilesTest {

    @TempDir private Path directory;

    @Test
    void aFileIsReplacedAsAWhole() throws IOException {
        Path file = directory.resolve("deep").resolve("file.json");
        AtomicFiles.write(file, stream -> stream.write('a'));
        String message =
                failure(
                        () ->
                                AtomicFiles.write(
                                        file,
                                        stream -> {
                                            stream.write('b');
                                            throw new IOException("No space left on device");
                                        }));
        assertTrue(message.contains(file + " can't be written (No space left"), message);
        assertTrue(message.contains("free space on its disk"), message);
        assertEquals("a", Files.readString(file));
        assertEquals(List.of("file.json"), files(file.getParent()));
    }

    @Test
    void aLinkStaysAndWhatItLeadsToIsReplaced() throws IOException {
        Path real = directory.resolve("other disk").resolve("real.json");
        Path middle = directory.resolve("middle.json");
        Path link = directory.resolve("link.json");
        Files.createSymbolicLink(middle, directory.relativize(real));
        Files.createSymbolicLink(link, middle);
        for (String content : List.of("a", "b")) {
            AtomicFiles.write(
                    link, stream -> stream.write(content.getBytes(StandardCharsets.UTF_8)));
            assertEquals(content, Files.readString(real));
        }
        assertTrue(Files.isSymbolicLink(link) && Files.isSymbolicLink(middle));
        assertEquals(List.of("real.json"), files(real.getParent()));
    }

    @Test
    void whatIsBehindALinkIsNotDeleted() throws IOException {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        Path real = Files.createDirectory(directory.resolve("real"));
        Files.writeString(real.resolve("file"), "a");
        Files.createSymbolicLink(tree.resolve("link"), real);
        Files.createSymbolicLink(tree.resolve("dangling"), directory.resolve("nothing"));
        AtomicFiles.deleteTree(tree);
        assertEquals(List.of("real"), files(directory));
        assertEquals(List.of("file"), files(real));
    }

    @Test
    void theFileBeforeIsKept() throws IOException {
        Path file = directory.resolve("a/file");
        Path previous = directory.resolve("a/previous");
        for (char content = 'a'; content <= 'c'; content++) {
            int next = content;
            AtomicFiles.writeKeeping(file, previous, stream -> stream.write(next));
        }
        assertEquals("c", Files.readString(file));
        assertEquals("b", Files.readString(previous));
    }

    @Test
    void whatAKilledProcessWasWritingIsSweptAndNothingElse() throws Exception {
        Path home = directory.resolve("home");
        Path drafts = directory.resolve("drafts");
        AtomicFiles.write(drafts.resolve("whole"), stream -> stream.write('a'));
        try (Holder living = new Holder(home, "a", drafts)) {
            List<String> ofTheLiving = files(drafts);
            assertEquals(2, ofTheLiving.size());
            new Holder(home, "b", drafts, drafts).close();
            assertEquals(4, files(drafts).size());
            // A second time, as a first look may have taken the lock away.
            for (int i = 0; i < 2; i++) {
                AtomicFiles.sweep(drafts);
                assertEquals(ofTheLiving, files(drafts), "process " + living.pid());
            }
        }
        AtomicFiles.sweep(drafts);
        assertEquals(List.of("whole"), files(drafts));
        AtomicFiles.sweep(directory.resolve("nothing"));
    }

    @Test
    void whatThisProcessIsWritingIsNotSwept() throws IOException {
        Path file = directory.resolve("file");
        AtomicReference<List<String>> meanwhile = new AtomicReference<>();
        AtomicFiles.write(
                file,
                stream -> {
                    AtomicFiles.sweep(directory);
                    meanwhile.set(files(directory));
                    stream.write('a');
                });
        assertEquals(1, meanwhile.get().size());
        assertEquals("a", Files.readString(file));
    }

    @Test
    void reasonsNameWhatIsInTheWay() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "a");
        String directly = failure(() -> AtomicFiles.requireWritable(file));
        assertTrue(directly.contains(file + " can't be written (it is no directory)"), directly);
        Path below = file.resolve("below");
        String above = failure(() -> AtomicFiles.requireWritable(below));
        assertTrue(above.contains(below + " can't be written (Not a directory)"), above);
        AtomicFiles.requireWritable(directory.resolve("new"));
        assertEquals(List.of(), files(directory.resolve("new")));
        assertFalse(Files.exists(below));
    }

    private static String failure(Executable action) {
        return assertThrows(DeepDefenseException.class, action).getMessage();
    }

    private static List<String> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}

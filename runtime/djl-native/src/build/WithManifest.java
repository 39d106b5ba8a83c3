// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/**
 * Makes a bundle of a large jar by giving it the manifest of a small one, which it replaces.
 *
 * <p>The zip file system takes the other entries over as they are. Every tool that builds a jar
 * anew would compress half a gigabyte again, with the same result.
 */
public final class WithManifest {

    private static final String MANIFEST = "META-INF/MANIFEST.MF";

    public static void main(String[] args) throws IOException {
        Path content = Path.of(args[0]);
        Path bundle = Path.of(args[1]);
        FileTime time = FileTime.from(Instant.parse(args[2]));

        byte[] manifest;
        try (FileSystem zip = FileSystems.newFileSystem(bundle)) {
            manifest = Files.readAllBytes(zip.getPath(MANIFEST));
        }
        try (FileSystem zip = FileSystems.newFileSystem(content)) {
            Path entry = zip.getPath(MANIFEST);
            Files.write(entry, manifest);
            Files.setLastModifiedTime(entry, time);
        }
        Files.move(content, bundle, StandardCopyOption.REPLACE_EXISTING);
    }
}

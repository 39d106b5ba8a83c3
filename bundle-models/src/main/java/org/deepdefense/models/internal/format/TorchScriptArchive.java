// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.models.internal.format;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipOutputStream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.djl.Archive;

/**
 * Looks through an archive of {@code torch.jit.save} before native code does, and makes another of
 * what was looked at, so that what is loaded is what was checked: programs without operators that
 * reach beyond the network, pickles of nothing but tensors, numbers and modules, and the records of
 * their storages, whole.
 */
final class TorchScriptArchive {

    private static final int MAX_TEXT = 8 << 20;
    private static final String CODE = "code/";
    private static final String SOURCE = ".py";
    private static final String DATA = "data";
    private static final String CONSTANTS = "constants";
    private static final String PICKLE = ".pkl";
    private static final String VERSION = "version";
    private static final String BYTE_ORDER = "byteorder";

    private final Path file;
    private final Archive archive;
    private final String folder;
    private final Map<String, byte[]> texts = new LinkedHashMap<>();
    private final Set<String> records = new TreeSet<>();

    private TorchScriptArchive(Path file, Archive archive) {
        this.file = file;
        this.archive = archive;
        String first = archive.names().stream().findFirst().orElse("");
        this.folder = first.substring(0, first.indexOf('/') + 1);
    }

    /**
     * Checks an archive.
     *
     * @param file the file
     * @return another archive with what is needed of it
     * @throws DeepDefenseException if it holds no network, or one that may do more than compute
     * @throws ZipException if it is damaged
     * @throws IOException if it can't be read
     */
    static InputStream checked(Path file) throws IOException {
        try (Archive archive = Archive.open(file)) {
            archive.checkExpansion();
            TorchScriptArchive checked = new TorchScriptArchive(file, archive);
            checked.check();
            return checked.rebuild();
        }
    }

    private void check() throws IOException {
        if (!has(DATA + PICKLE)) {
            throw new DeepDefenseException(
                    file + " is no TorchScript archive", TorchScript.SAVE_AGAIN);
        }
        if (archive.names().stream().noneMatch(name -> name.startsWith(folder + CODE))) {
            throw new DeepDefenseException(
                    file + " holds weights only, not a network",
                    "load them into the model in Python and save that as TorchScript:"
                            + " torch.jit.script(model).save(FILE) or"
                            + " torch.jit.trace(model, images).save(FILE)");
        }
        take(VERSION);
        if (has(BYTE_ORDER)
                && !new String(take(BYTE_ORDER), StandardCharsets.US_ASCII).equals("little")) {
            throw new ZipException("its numbers are not little-endian");
        }
        for (String name : archive.names()) {
            if (name.startsWith(folder + CODE) && name.endsWith(SOURCE)) {
                String path = name.substring(folder.length());
                checkProgram(path, new String(take(path), StandardCharsets.UTF_8));
            }
        }
        checkPickle(DATA);
        if (has(CONSTANTS + PICKLE)) {
            checkPickle(CONSTANTS);
        }
    }

    private boolean has(String path) {
        return archive.names().contains(folder + path);
    }

    private byte[] take(String path) throws IOException {
        if (!has(path)) {
            throw new ZipException("it has no " + path);
        }
        byte[] content = archive.read(folder + path, MAX_TEXT);
        texts.put(path, content);
        return content;
    }

    private void checkProgram(String path, String text) throws ZipException {
        Optional<String> forbidden = TorchScriptProgram.forbidden(text);
        if (forbidden.isPresent()) {
            throw new DeepDefenseException(
                    "%s uses %s in %s, which reaches beyond the network"
                            .formatted(file, forbidden.get(), path),
                    "export it without that, and load no network from people you don't trust");
        }
    }

    private void checkPickle(String name) throws IOException {
        byte[] pickle = take(name + PICKLE);
        try {
            for (Pickle.Storage storage : Pickle.storages(pickle)) {
                String path = name + "/" + storage.key();
                long size = has(path) ? archive.size(folder + path) : 0;
                if (size < storage.bytes()) {
                    throw new ZipException(
                            "%s has %d bytes instead of %d".formatted(path, size, storage.bytes()));
                }
                if (has(path)) {
                    records.add(path);
                }
            }
        } catch (IllegalArgumentException e) {
            ZipException located = new ZipException(name + PICKLE + ": " + e.getMessage());
            located.initCause(e);
            throw located;
        }
    }

    /** Where a name is looked up, and with what case, is left to no other reader of archives. */
    private InputStream rebuild() throws IOException {
        Buffer buffer = new Buffer();
        try (ZipOutputStream zip = new ZipOutputStream(buffer)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (Map.Entry<String, byte[]> text : texts.entrySet()) {
                CRC32 sum = new CRC32();
                sum.update(text.getValue());
                begin(zip, text.getKey(), text.getValue().length, sum.getValue());
                zip.write(text.getValue());
                zip.closeEntry();
            }
            for (String record : records) {
                begin(zip, record, archive.size(folder + record), archive.crc(folder + record));
                try (InputStream in = archive.stream(folder + record)) {
                    in.transferTo(zip);
                }
                zip.closeEntry();
            }
        }
        return buffer.stream();
    }

    private static void begin(ZipOutputStream zip, String path, long size, long sum)
            throws IOException {
        ZipEntry entry = new ZipEntry("network/" + path);
        entry.setSize(size);
        entry.setCompressedSize(size);
        entry.setCrc(sum);
        zip.putNextEntry(entry);
    }

    /** Bytes that are read where they were written. */
    private static final class Buffer extends ByteArrayOutputStream {

        InputStream stream() {
            return new ByteArrayInputStream(buf, 0, count);
        }
    }
}

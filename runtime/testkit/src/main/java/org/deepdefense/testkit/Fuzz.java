// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deepdefense.DeepDefenseException;

/**
 * Gives damaged files to a reader and holds it to this: what comes of each is a clean error or a
 * value, within {@link #MAX_SECONDS} and {@link #MAX_BYTES}. Mutations depend on the seed alone.
 * Archives are damaged twice over: as a whole, and inside, with checksums that fit again.
 */
public final class Fuzz {

    /** How long a reader may take for one file, in seconds. */
    public static final double MAX_SECONDS = 2;

    /** How much memory it may take, on the heap and beside it, in bytes. */
    public static final long MAX_BYTES = 256L << 20;

    private static final int REPORTED = 20;

    private static final long[] EXTREMES = {
        0,
        1,
        -1,
        127,
        128,
        255,
        256,
        32767,
        65535,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 32,
        1L << 40,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private static final String[] WORDS = {
        "-1",
        "0",
        "99999999999999999999",
        "1e999",
        "NaN",
        "null",
        "\"\"",
        "[",
        "{}",
        "../x",
        "\u0000",
        "\u001b[2J",
        "\uffff",
        "true",
        "2147483647",
        "0x7f",
        "%s%n"
    };

    private final String format;
    private final List<byte[]> samples;
    private final Random random;
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();
    private double slowest;
    private long largest;

    /** Reads a file that may be damaged. */
    @FunctionalInterface
    public interface Target {

        /**
         * Reads the file, and checks what it is given where it can tell.
         *
         * @param content the bytes
         * @throws Exception a {@link DeepDefenseException} if the reader refuses the file
         */
        void read(byte[] content) throws Exception;
    }

    /**
     * Describes a format.
     *
     * @param format what it is called in messages
     * @param seed what all mutations follow from
     * @param samples sound files
     */
    public Fuzz(String format, long seed, byte[]... samples) {
        this.format = format;
        this.samples = List.of(samples);
        this.random = new Random(seed);
    }

    /**
     * Has a reader read the sound files and then damaged ones, and fails the test if anything but a
     * value or a {@link DeepDefenseException} comes of one.
     *
     * @param mutations how many
     * @param target the reader
     * @throws Exception if a sound file cannot be read
     */
    public void run(int mutations, Target target) throws Exception {
        for (byte[] sample : samples) {
            target.read(sample);
        }
        for (int i = 0; i < mutations; i++) {
            byte[] damaged = mutate(samples.get(random.nextInt(samples.size())));
            try {
                attempt(i, damaged, target);
            } catch (VirtualMachineError e) {
                throw new AssertionError(format + " " + i + ": " + head(damaged), e);
            }
        }
        System.out.printf(
                "%s: %d damaged files, %s, slowest %.2f s, at most %d MB%n",
                format, mutations, outcomes, slowest, largest >> 20);
        assertEquals(
                List.of(), faults.stream().limit(REPORTED).toList(), format + ": " + faults.size());
    }

    private void attempt(int number, byte[] damaged, Target target) {
        long before = Memory.begin();
        long start = System.nanoTime();
        String outcome = "read";
        try {
            target.read(damaged);
        } catch (DeepDefenseException e) {
            outcome = "refused";
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            outcome = "fault";
            fault(number, damaged, e.toString() + at(e));
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        long bytes = Memory.since(before);
        outcomes.merge(outcome, 1, Integer::sum);
        slowest = Math.max(slowest, seconds);
        largest = Math.max(largest, bytes);
        if (seconds > MAX_SECONDS) {
            fault(number, damaged, "took " + seconds + " s");
        }
        if (bytes > MAX_BYTES) {
            fault(number, damaged, "took " + (bytes >> 20) + " MB");
        }
    }

    private static String at(Throwable e) {
        StackTraceElement[] trace = e.getStackTrace();
        return Arrays.toString(Arrays.copyOf(trace, Math.min(4, trace.length)));
    }

    private void fault(int number, byte[] damaged, String what) {
        faults.add("\n" + number + ": " + what + "\n    of " + head(damaged));
    }

    private static String head(byte[] content) {
        return content.length
                + " bytes "
                + HexFormat.of().formatHex(content, 0, Math.min(32, content.length));
    }

    /**
     * Damages a file.
     *
     * @param sample the sound file; not changed
     * @return the damaged one
     */
    byte[] mutate(byte[] sample) {
        if (isZip(sample) && random.nextInt(3) > 0) {
            return mutateEntries(sample);
        }
        byte[] content = sample.clone();
        int times = 1 << random.nextInt(4);
        for (int i = 0; i < times && content.length > 0; i++) {
            content = mutateOnce(content);
        }
        return content;
    }

    private static boolean isZip(byte[] content) {
        return content.length > 4 && content[0] == 'P' && content[1] == 'K';
    }

    private byte[] mutateOnce(byte[] content) {
        // Heads of files are where most decisions are made.
        int reach = random.nextBoolean() ? Math.min(content.length, 256) : content.length;
        int at = random.nextInt(reach);
        return switch (random.nextInt(8)) {
            case 0 -> flip(content, at);
            case 1 -> overwrite(content, at, (byte) EXTREMES[random.nextInt(EXTREMES.length)]);
            case 2 -> overwrite(content, at, number());
            case 3 -> Arrays.copyOf(content, at);
            case 4 -> splice(content, at, at, word());
            case 5 -> splice(content, at, end(content, at), new byte[0]);
            case 6 -> splice(content, at, at, Arrays.copyOfRange(content, at, end(content, at)));
            default -> splice(content, at, end(content, at), word());
        };
    }

    private static byte[] flip(byte[] content, int at) {
        content[at] ^= (byte) (1 << (at % 8));
        return content;
    }

    private static byte[] overwrite(byte[] content, int at, byte... value) {
        System.arraycopy(value, 0, content, at, Math.min(value.length, content.length - at));
        return content;
    }

    private byte[] number() {
        long value = EXTREMES[random.nextInt(EXTREMES.length)];
        ByteBuffer buffer =
                ByteBuffer.allocate(Long.BYTES)
                        .order(
                                random.nextBoolean()
                                        ? ByteOrder.LITTLE_ENDIAN
                                        : ByteOrder.BIG_ENDIAN);
        return switch (random.nextInt(3)) {
            case 0 -> Arrays.copyOf(buffer.putShort((short) value).array(), Short.BYTES);
            case 1 -> Arrays.copyOf(buffer.putInt((int) value).array(), Integer.BYTES);
            default -> buffer.putLong(value).array();
        };
    }

    private byte[] word() {
        return WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.UTF_8);
    }

    private int end(byte[] content, int at) {
        return Math.min(content.length, at + 1 + random.nextInt(64));
    }

    private static byte[] splice(byte[] content, int from, int to, byte... between) {
        byte[] result = new byte[content.length - (to - from) + between.length];
        System.arraycopy(content, 0, result, 0, from);
        System.arraycopy(between, 0, result, from, between.length);
        System.arraycopy(content, to, result, from + between.length, content.length - to);
        return result;
    }

    private byte[] mutateEntries(byte[] sample) {
        Map<String, byte[]> entries = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(sample))) {
            for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
                entries.put(e.getName(), zip.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> names = new ArrayList<>(entries.keySet());
        String name = names.get(random.nextInt(names.size()));
        byte[] content = entries.remove(name);
        switch (random.nextInt(8)) {
            case 0 -> {
                // The entry is missing.
            }
            case 1 ->
                    entries.put(
                            name + new String(word(), 0, 1, StandardCharsets.ISO_8859_1), content);
            default -> {
                byte[] damaged = content.clone();
                for (int i = random.nextInt(3); i >= 0 && damaged.length > 0; i--) {
                    damaged = mutateOnce(damaged);
                }
                entries.put(name, damaged);
            }
        }
        return zip(entries);
    }

    private static byte[] zip(Map<String, byte[]> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                CRC32 crc = new CRC32();
                crc.update(entry.getValue());
                ZipEntry head = new ZipEntry(entry.getKey());
                head.setSize(entry.getValue().length);
                head.setCompressedSize(entry.getValue().length);
                head.setCrc(crc.getValue());
                zip.putNextEntry(head);
                zip.write(entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * What a reader takes: all that this thread allocates on the heap, which is more than it holds
     * at a time, and the growth of the process's peak beside the heap, where Linux tells it.
     */
    private static final class Memory {

        private static final ThreadMXBean THREADS =
                (ThreadMXBean) ManagementFactory.getThreadMXBean();
        private static final Path STATUS = Path.of("/proc/self/status");

        private static long beside;

        static long begin() {
            resetPeak();
            beside = outsideHeap("VmRSS:");
            return THREADS.getCurrentThreadAllocatedBytes();
        }

        static long since(long before) {
            long heap = THREADS.getCurrentThreadAllocatedBytes() - before;
            return Math.max(heap, outsideHeap("VmHWM:") - beside);
        }

        private static void resetPeak() {
            try {
                Files.writeString(Path.of("/proc/self/clear_refs"), "5");
            } catch (IOException | UnsupportedOperationException e) {
                // Elsewhere than on Linux only the heap is watched.
            }
        }

        private static long outsideHeap(String field) {
            try {
                long process =
                        Files.readAllLines(STATUS).stream()
                                .filter(line -> line.startsWith(field))
                                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                                .sum();
                return (process << 10) - Runtime.getRuntime().totalMemory();
            } catch (IOException e) {
                return 0;
            }
        }
    }
}

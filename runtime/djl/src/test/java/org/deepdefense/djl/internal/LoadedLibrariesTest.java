// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.djl.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LoadedLibrariesTest {

    @Test
    void findsTheLibrariesOfPyTorchOnceEach() {
        Stream<String> maps =
                Stream.of(
                        "00400000-0040b000 r-xp 00000000 fd:00 123 /usr/bin/java",
                        "7f1000000000-7f1000001000 r--p 00000000 fd:00 7 /a b/libtorch_cpu.so",
                        "7f1000001000-7f1000002000 r-xp 00001000 fd:00 7 /a b/libtorch_cpu.so",
                        "7f1000003000-7f1000004000 r-xp 00000000 fd:00 8 /x/libc10.so (deleted)",
                        "7f1000005000-7f1000006000 r-xp 00000000 fd:00 9 /x/0.35-libdjl_torch.so",
                        "7f1000007000-7f1000008000 r-xp 00000000 fd:00 10 /usr/lib/libc.so.6",
                        "7f1000009000-7f100000a000 rw-p 00000000 00:00 0 [heap]",
                        "7f100000b000-7f100000c000 rw-p 00000000 00:00 0",
                        "7f100000d000-7f100000e000 r--s 00000000 fd:00 11 /x/libtorch/notes.jar");
        assertEquals(
                List.of(
                        Path.of("/a b/libtorch_cpu.so"),
                        Path.of("/x/libc10.so (deleted)"),
                        Path.of("/x/0.35-libdjl_torch.so")),
                LoadedLibraries.find(maps));
    }
}

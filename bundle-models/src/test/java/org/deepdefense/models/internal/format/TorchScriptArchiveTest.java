// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.models.internal.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.testkit.Fuzz;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class TorchScriptArchiveTest {

    private final TorchScript format = new TorchScript();

    @TempDir private Path directory;
    private NDManager manager;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void loadsASmallNetwork() throws IOException {
        assertArrayEquals(
                new float[] {10, -10, 0},
                forward(new ScriptFile(ScriptFile.LINEAR), 1, 1, 1, 1).toFloatArray());
    }

    @Test
    void loadsPickledConstantsAndPrivateFunctions() throws IOException {
        ScriptFile file =
                new ScriptFile(
                        "_0 = __torch__.double",
                        "w = getattr(self, \"weight\")",
                        "return _0(torch.linear(torch.flatten(x, 1), w), )");
        String functions = "def double(x: Tensor) -> Tensor:\n  return torch.mul(x, 2)\n";
        String program =
                ScriptFile.program(
                        "_0 = __torch__.double",
                        "w = getattr(self, \"weight\")",
                        "return _0(torch.linear(torch.flatten(x, 1), w), )");
        file.with("code/__torch__.py", (program + functions).getBytes(StandardCharsets.UTF_8));
        assertArrayEquals(new float[] {2, -8, 1}, forward(file, 1, 0, 0, 0).toFloatArray());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "torch.save(x, \"%s\")",
                "ops.aten.save(x, \"%s\")",
                "x.save(\"%s\")",
                "x . save (\"%s\")",
                "(x.\\n      save(\"%s\"))",
                "f = x.save; f(\"%s\")",
                "f = torch.save\\n    f(x, \"%s\")",
                "getattr(x, \"save\")(\"%s\")",
                "getattr(x, \"\\x73ave\")(\"%s\")"
            })
    void whatWritesFilesIsRefused(String statement) throws IOException {
        Path victim = directory.resolve("victim");
        String code = statement.replace("\\n", "\n").formatted(victim);
        String message = failure(new ScriptFile(code, ScriptFile.LINEAR));
        assertTrue(message.contains("net.pt uses the "), message);
        assertTrue(message.contains("in code/__torch__.py"), message);
        assertFalse(Files.exists(victim));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "y = torch.from_file(\"f\", True, 10, dtype=6)|operator from_file",
                "print(\"text\")|operator print",
                "p = print|operator print",
                "ops.prim.Print(\"text\")|operator Print",
                "torch.warn(\"text\")|operator warn",
                "y = ops.c10d.broadcast(x)|operator c10d.broadcast",
                "o = ops|namespace ops",
                "o = __torch__.torch|namespace __torch__.torch",
                "y = __torch__.torch.classes.c10d.Store()|class __torch__.torch.classes.c10d.Store",
                "y = ^PythonOp()(x)|sign CIRCUMFLEX ACCENT",
                "y = \"\"\"text\"\"\"|text of another kind"
            })
    void whatElseReachesBeyondTheNetworkIsRefusedByName(String statement, String name)
            throws IOException {
        String message = failure(new ScriptFile(statement, ScriptFile.LINEAR));
        assertTrue(message.contains(name), message);
    }

    @Test
    void namesInTextsAndCommentsAreNoOperators() throws IOException {
        ScriptFile file =
                new ScriptFile(
                        "if torch.lt(torch.size(x, 0), 0):",
                        "  ops.prim.RaiseException(\"torch.save(x) of \\\"print\\\"\")",
                        "else:",
                        "  pass # torch.save(x)",
                        ScriptFile.LINEAR);
        assertEquals(3, forward(file, 1, 1, 1, 1).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "torch.neg(", "[", "not ", "-"})
    void expressionsThatNativeCodeCanNotParseAreRefused(String opening) throws IOException {
        String message = failure(new ScriptFile("y = " + opening.repeat(100_000)));
        assertTrue(message.contains("nested too deeply"), message);
    }

    @Test
    void whatIsNestedAsDeepAsIsAllowedIsParsed() throws IOException {
        String nested = "torch.neg(".repeat(48) + "torch.flatten(x, 1)" + ")".repeat(48);
        ScriptFile file = new ScriptFile("return torch.linear(" + nested + ", self.weight)");
        assertEquals(3, forward(file, 1, 1, 1, 1).size());
    }

    @Test
    void recordsThatAreShortOrMissingAreRefused() throws IOException {
        ScriptFile file = new ScriptFile(ScriptFile.LINEAR);
        assertTrue(
                failure(file.with("data/0", new byte[44]))
                        .contains("data/0 has 44 bytes instead of 48"));
        assertTrue(failure(file.without("data/0")).contains("data/0 has 0 bytes instead of 48"));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 12, 3, 4, 4, 1",
        "0, 12, 4, 4, 4, 1",
        "0, 12, 3, 4, 5, 1",
        "-1, 12, 3, 4, 4, 1",
        "12, 12, 3, 4, -4, 1",
        "0, 12, -3, -4, 4, 1",
        "0, 12, 9223372036854775807, 4, 4, 1",
        "0, -12, 3, 4, 4, 1",
        "0, 4611686018427387904, 3, 4, 4, 1"
    })
    void tensorsThatReachBeyondTheirStorageAreRefused(
            long offset, long elements, long rows, long columns, long first, long second)
            throws IOException {
        ScriptFile file = new ScriptFile(ScriptFile.LINEAR);
        file.with("data.pkl", ScriptFile.state(offset, elements, rows, columns, first, second));
        assertTrue(failure(file).contains("data.pkl: "), failure(file));
    }

    @Test
    void picklesOfOtherThingsAreRefusedByName() throws IOException {
        ScriptFile file = new ScriptFile(ScriptFile.LINEAR);
        file.with(
                "data.pkl",
                ScriptFile.pickle(
                        out -> {
                            ScriptFile.global(out, "os", "system");
                            out.write('(');
                            ScriptFile.text(out, "true");
                            out.writeBytes("tR");
                        }));
        assertTrue(failure(file).contains("it asks for os.system"));
        file.with("data.pkl", ScriptFile.pickle(out -> out.writeBytes("I1\n")));
        assertTrue(failure(file).contains("its instruction 0x49 is none of TorchScript's"));
    }

    @Test
    void valuesThatLieTooDeepInOthersAreRefused() throws IOException {
        ScriptFile file = new ScriptFile(ScriptFile.LINEAR);
        int deep = 200_000;
        file.with(
                "data.pkl",
                ScriptFile.pickle(out -> out.writeBytes("]".repeat(deep) + "a".repeat(deep - 1))));
        assertTrue(failure(file).contains("too deep"), failure(file));
        file.with("data.pkl", ScriptFile.pickle(out -> out.writeBytes("]q\u0001h\u0001a")));
        assertTrue(failure(file).contains("a value is inside itself"), failure(file));
    }

    @Test
    void archivesThatUnpackToMuchMoreAreRefused() throws IOException {
        Path file = directory.resolve("bomb.pt");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("net/data.pkl"));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                zip.write(zeros);
            }
        }
        String message =
                assertThrows(DeepDefenseException.class, () -> format.load(file, manager))
                        .getMessage();
        assertTrue(message.contains("unpack to 67108864"), message);
    }

    @Test
    void damagedFilesAreReadOrRefused() throws Exception {
        Path file = directory.resolve("damaged.pt");
        byte[] sound =
                new ScriptFile(
                                "y = torch.relu(torch.flatten(x, 1))",
                                "if torch.gt(torch.size(y, 0), 1):",
                                "  z = torch.mul(y, 2)",
                                "else:",
                                "  z = y",
                                "return torch.linear(z, self.weight)")
                        .bytes();
        new Fuzz("TorchScript", 1, sound)
                .run(
                        1000,
                        content -> {
                            Files.write(file, content);
                            try (NDManager own = manager.newSubManager()) {
                                format.load(file, own);
                            }
                        });
    }

    private NDArray forward(ScriptFile file, float... pixels) throws IOException {
        Block block = format.load(file.write(directory), manager);
        NDArray images = manager.create(pixels, new Shape(1, 1, 2, 2));
        return block.forward(new ParameterStore(manager, false), new NDList(images), false)
                .singletonOrThrow();
    }

    private String failure(ScriptFile file) throws IOException {
        Path path = file.write(directory);
        return assertThrows(DeepDefenseException.class, () -> format.load(path, manager))
                .getMessage();
    }
}

package org.deepdefense.models.internal;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.model.ModelFormat;
import org.osgi.service.component.annotations.Component;

/**
 * Archives written by {@code torch.jit.save}. The module's {@code forward} takes images and returns
 * logits; its parameters are called as in the module, such as {@code layer1.0.conv1.weight}.
 */
@Component(service = ModelFormat.class)
public final class TorchScript implements ModelFormat {

    private static final String SAVE_AGAIN =
            "save the network with torch.jit.script(model).save(FILE) and copy the file again";

    /** Creates the format. */
    public TorchScript() {}

    @Override
    public String name() {
        return "TorchScript";
    }

    @Override
    public boolean accepts(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".pt") || name.endsWith(".pth") || name.endsWith(".ts");
    }

    @Override
    public Block load(Path file, NDManager manager) throws IOException {
        check(file);
        if (!(manager instanceof PtNDManager torch)) {
            throw new DeepDefenseException(
                    file + " needs PyTorch, but the engine is " + manager.getEngine(),
                    "make PyTorch the default engine of DJL");
        }
        byte[] archive = Files.readAllBytes(file);
        try {
            return new TorchScriptBlock(
                    torch,
                    JniUtils.loadModule(torch, new ByteArrayInputStream(archive), true, false));
        } catch (EngineException e) {
            throw new DeepDefenseException(
                    file + " can't be loaded by PyTorch (" + firstLine(e) + ")",
                    "export the network for the CPU with PyTorch 2.7 or older",
                    e);
        }
    }

    /** PyTorch's reader is native code: it is shown nothing but whole archives with code inside. */
    private static void check(Path file) throws IOException {
        boolean code = false;
        boolean data = false;
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                CRC32 sum = new CRC32();
                byte[] content = zip.getInputStream(entry).readAllBytes();
                sum.update(content);
                if (content.length != entry.getSize() || sum.getValue() != entry.getCrc()) {
                    throw new ZipException(entry.getName() + " has another checksum than recorded");
                }
                code |= entry.getName().contains("/code/");
                data |= entry.getName().endsWith("/data.pkl");
            }
        } catch (NoSuchFileException e) {
            throw new DeepDefenseException(
                    "There is no file " + file, "name an existing TorchScript file", e);
        } catch (ZipException | IllegalArgumentException e) {
            throw new DeepDefenseException(
                    file
                            + " is truncated, damaged or no TorchScript archive ("
                            + e.getMessage()
                            + ")",
                    SAVE_AGAIN,
                    e);
        }
        if (data && !code) {
            throw new DeepDefenseException(
                    file + " holds weights only, not a network",
                    "load them into the model in Python and save that as TorchScript:"
                            + " torch.jit.script(model).save(FILE) or"
                            + " torch.jit.trace(model, images).save(FILE)");
        }
        if (!data) {
            throw new DeepDefenseException(file + " is no TorchScript archive", SAVE_AGAIN);
        }
    }

    private static String firstLine(EngineException error) {
        return String.valueOf(error.getMessage()).lines().findFirst().orElse("no message");
    }
}

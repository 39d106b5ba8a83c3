// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.models.internal.format;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.ZipException;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.djl.EngineErrors;
import org.deepdefense.model.ModelFormat;
import org.osgi.service.component.annotations.Component;

/**
 * Archives written by {@code torch.jit.save}. The module's {@code forward} takes images and returns
 * logits; its parameters are called as in the module, such as {@code layer1.0.conv1.weight}.
 */
@Component(service = ModelFormat.class)
public final class TorchScript implements ModelFormat {

    static final String SAVE_AGAIN =
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
        if (!(manager instanceof PtNDManager torch)) {
            throw new DeepDefenseException(
                    file + " needs PyTorch, but the engine is " + manager.getEngine(),
                    "make PyTorch the default engine of DJL");
        }
        try {
            InputStream archive = TorchScriptArchive.checked(file);
            return new TorchScriptBlock(torch, JniUtils.loadModule(torch, archive, true, false));
        } catch (NoSuchFileException e) {
            throw new DeepDefenseException(
                    "There is no file " + file, "name an existing TorchScript file", e);
        } catch (ZipException e) {
            throw new DeepDefenseException(
                    file
                            + " is truncated, damaged or no TorchScript archive ("
                            + e.getMessage()
                            + ")",
                    SAVE_AGAIN,
                    e);
        } catch (EngineException e) {
            throw new DeepDefenseException(
                    file + " can't be loaded by PyTorch (" + EngineErrors.reason(e) + ")",
                    "export the network for the CPU with PyTorch 2.7 or older",
                    e);
        }
    }

    @Override
    public void write(Block block, OutputStream stream) throws IOException {
        ((TorchScriptBlock) block).write(stream);
    }
}

package org.deepdefense.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.ops4j.pax.exam.CoreOptions.composite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import javax.inject.Inject;
import org.deepdefense.catalog.Catalog;
import org.deepdefense.catalog.ParameterInfo;
import org.deepdefense.catalog.PluginInfo;
import org.deepdefense.catalog.PluginInfo.Kind;
import org.junit.After;
import org.junit.Test;
import org.ops4j.pax.exam.options.CompositeOption;

/** A configuration file makes another attack of a class that is there, with other parameters. */
public class ConfigAdminVariantIT extends FelixTest {

    private static final Path FILE =
            etc().resolve("org.deepdefense.attacks.internal.DeepFool-x.cfg");

    @Inject private Catalog catalog;

    @Override
    protected CompositeOption bundles() {
        return composite(base(), djl(), deepDefense(), fileInstall());
    }

    @After
    public void removeFile() throws IOException {
        Files.deleteIfExists(FILE);
        Eventually.holds("the variant goes with its file", () -> !names().contains("deepfool-x"));
    }

    @Test
    public void aFileRegistersAVariantBesideTheOriginal() throws IOException {
        assertFalse(names().contains("deepfool-x"));
        write("deepdefense.name = deepfool-x\niterations = 3\n");
        Eventually.holds("the variant is there", () -> names().contains("deepfool-x"));

        assertEquals("3", iterations("deepfool-x"));
        assertEquals("50", iterations("deepfool"));
    }

    @Test
    public void aChangeOfTheFileChangesTheVariant() throws IOException {
        write("deepdefense.name = deepfool-x\niterations = 3\n");
        Eventually.holds("the variant is there", () -> names().contains("deepfool-x"));
        write("deepdefense.name = deepfool-x\niterations = 17\n");
        Eventually.holds("it follows its file", () -> iterations("deepfool-x").equals("17"));
    }

    /** Moved into place, so that no half-written file is read. */
    private static void write(String content) throws IOException {
        Path part = Files.writeString(work().resolve("part"), content);
        Files.createDirectories(etc());
        Files.move(part, FILE, StandardCopyOption.REPLACE_EXISTING);
    }

    private List<String> names() {
        return catalog.list(Kind.ATTACK).stream().map(PluginInfo::name).toList();
    }

    /** The value in the catalog, or nothing while the attack is registered anew. */
    private String iterations(String attack) {
        return catalog.list(Kind.ATTACK).stream()
                .filter(info -> info.name().equals(attack))
                .flatMap(info -> info.parameters().stream())
                .filter(parameter -> parameter.name().equals("iterations"))
                .map(ParameterInfo::value)
                .findAny()
                .orElse("");
    }
}

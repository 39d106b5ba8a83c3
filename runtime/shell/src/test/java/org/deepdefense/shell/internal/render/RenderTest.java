// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.deepdefense.evaluation.Picture;
import org.deepdefense.report.text.ColorDepth;
import org.deepdefense.report.text.EvaluationText;
import org.deepdefense.report.text.Format;
import org.deepdefense.report.text.Look;
import org.deepdefense.report.text.TextTable;
import org.deepdefense.shell.internal.FakeServices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenderTest {

    private static final Look UNICODE = new Look(ColorDepth.NONE, true, 0, false);

    @Test
    void numbersAreAsInThePaper() {
        assertEquals("99.02 %", Format.percent(0.9902));
        assertEquals("-", Format.percent(Double.NaN));
        assertEquals("0.2056", Format.ratio(0.20561));
        assertEquals("1.900", Format.number(1.9));
        assertEquals("0.0123", Format.number(0.01234));
        assertEquals("1.234e-05", Format.number(0.00001234));
        assertEquals("12346", Format.number(12345.6));
        assertEquals("0", Format.number(0));
        assertEquals("infinite", Format.number(Double.POSITIVE_INFINITY));
        assertEquals("10,000", Format.count(10000));
    }

    @Test
    void columnsAreAlignedAndTextIsWrapped() {
        Look narrow = new Look(ColorDepth.NONE, true, 40, false);
        TextTable table = new TextTable(narrow).left("A").right("B").wrapped("TEXT").left("C");

        table.row(List.of("x", "1.00", "one two three four five six seven", "end"));
        table.row(List.of("yyy", "10.00", "short", "end"));

        assertEquals(
                List.of(
                        "A        B  TEXT                      C",
                        "x     1.00  one two three four five   end",
                        "            six seven",
                        "yyy  10.00  short                     end"),
                table.lines());
    }

    @Test
    void widthIsFreeForFiles() {
        String text = "word ".repeat(40).strip();

        assertTrue(
                new TextTable(Look.PLAIN)
                        .wrapped("TEXT")
                        .row(List.of(text))
                        .lines()
                        .contains(text));
    }

    @Test
    void tableHasThePapersColumns() {
        List<String> lines = new EvaluationText(UNICODE).table(FakeServices.table("ref", "dd"));

        assertEquals(
                List.of(
                        "NETWORK  ACCURACY      ρ₂    FOOLED  ACC@0.2ε  ACC@0.5ε  ACC@1.0ε",
                        "ref       96.00 %  0.1000  100.00 %   90.00 %   70.00 %   50.00 %",
                        "dd        97.00 %  0.2000  100.00 %   90.00 %   70.00 %   50.00 %",
                        "ε = 0.2312 halves the accuracy of dd; 10,000 images."),
                lines);
    }

    @Test
    void meaningIsOneSentence() {
        assertEquals(
                "Fooling the defended network takes a change of the image that is 100 % larger (ρ₂"
                        + " 0.2000 instead of 0.1000), while its accuracy on clean images rises by 1.00"
                        + " points.",
                new EvaluationText(UNICODE).meaning(FakeServices.table("ref", "dd")));
    }

    @Test
    void evaluationNamesNetworkDataAndAttack() {
        List<String> lines = new EvaluationText(UNICODE).evaluation(FakeServices.evaluation());

        assertEquals("lenet-ref on 10,000 images of mnist under deepfool (steps=50)", lines.get(0));
        assertTrue(lines.stream().anyMatch(l -> l.matches(" {2}ρ₂ +0\\.2056 +0\\.1838 in pixels")));
        assertTrue(lines.stream().anyMatch(l -> l.contains("median infinite")), "" + lines);
    }

    @Test
    void severalAttacksAreATableWithTheWorstCaseLast() {
        List<String> lines = new EvaluationText(UNICODE).evaluation(FakeServices.evaluations());

        assertEquals("lenet-ref on 2 images of mnist: accuracy 50.00 %", lines.get(0));
        assertEquals(
                "pgd:steps=20  L2    0.03137  40.00 %  100.00 %  1.900  infinite  0.2056    12.50"
                        + "     25.00  1:01 min",
                lines.get(3));
        assertTrue(lines.get(4).matches("deepfool +L2 +- +0.00 % .*"), lines.get(4));
        assertTrue(lines.get(5).matches("worst case +L2 +0.05000 +37.50 % .*"), lines.get(5));
        assertTrue(lines.get(6).matches("worst case +L2 +0.03137 +25.00 % .*"), lines.get(6));
    }

    @Test
    void imagesThatWereNotEvaluatedAreCounted() {
        String one =
                String.join(
                        "\n",
                        new EvaluationText(UNICODE).evaluation(FakeServices.partlyEvaluated(1)));
        assertTrue(
                one.matches(
                        "(?s).*\\n {2}not evaluated +17 +of them, where gradients are not finite"
                                + " numbers\\n.*"),
                one);
        List<String> several =
                new EvaluationText(UNICODE).evaluation(FakeServices.partlyEvaluated(2));
        assertTrue(
                several.contains(
                        "pgd at 0.1000: 17 images were not evaluated, as gradients are not finite"
                                + " numbers there; they are neither robust nor fooled."),
                several.toString());
        assertEquals(
                "Image 3, label seven: not evaluated, as gradients are not finite numbers there",
                new Gallery(Look.PLAIN).show(FakeServices.image(3, false, false)).get(0));
        assertEquals(
                "Image 3, label seven: not fooled",
                new Gallery(Look.PLAIN).show(FakeServices.image(3, false, true)).get(0));
    }

    @Test
    void galleryIsGrayInLetters() {
        List<String> lines = new Gallery(Look.PLAIN).show(FakeServices.image(3));

        assertEquals("Image 3, label seven: fooled", lines.get(0));
        assertEquals("++  ++  ++", lines.get(2).replace('=', '+').replace('*', '+'));
        assertEquals("L2 0.3535  LINF 0.2500  rho2 0.2500", lines.get(3));
    }

    @Test
    void galleryIsTwoPixelsALetterInColor() {
        Look color = new Look(ColorDepth.FULL, true, 80, true);

        String row = new Gallery(color).show(FakeServices.image(3)).get(2);

        assertTrue(
                row.startsWith("\u001b[38;2;0;0;0m\u001b[48;2;255;255;255m▀"),
                row.replace("\u001b", "^"));
        // Changes of +0.25 and -0.25, magnified twice around 0.5.
        assertTrue(
                row.contains("\u001b[38;2;255;255;255m\u001b[48;2;0;0;0m▀"),
                row.replace("\u001b", "^"));
        assertTrue(row.contains("\u001b[38;2;128;128;128m\u001b[48;2;128;128;128m▀"));
        assertTrue(row.endsWith(ColorDepth.RESET));
    }

    @Test
    void galleryFitsTheTerminal() {
        float[] pixels = new float[32 * 32 * 3];
        Raster wide = Raster.of(new Picture(3, 32, 32, pixels));

        assertEquals(25, wide.fit(25).width());
        assertEquals(25, wide.fit(25).height());
        assertEquals(wide, wide.fit(32));
    }

    @Test
    void smallerPicturesAreMeans() {
        Raster raster = Raster.of(new Picture(1, 2, 4, 0, 1, 0, 0, 0, 1, 0, 1));

        Raster half = raster.fit(2);

        assertEquals(1, half.height());
        assertEquals(0.5, half.channel(0, 0, 0), 1e-6);
        assertEquals(0.25, half.channel(1, 0, 2), 1e-6);
    }

    @Test
    void pngHasPanelsSideBySide(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("p.png");

        Gallery.writePng(List.of(FakeServices.image(0)), file);

        var png = ImageIO.read(file.toFile());
        assertEquals(8 + 3 * (224 + 8), png.getWidth());
        assertEquals(0xff000000, png.getRGB(8, 8));
        assertEquals(0xffffffff, png.getRGB(8 + 112, 8));
        assertEquals(0xff404040, png.getRGB(8 + 2 * 232, 8));
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.render;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.deepdefense.evaluation.AttackedImage;
import org.deepdefense.report.text.ColorDepth;
import org.deepdefense.report.text.Format;
import org.deepdefense.report.text.Look;
import org.deepdefense.shell.internal.console.TerminalColors;

/**
 * Attacked images side by side: the clean image, the perturbation, magnified on middle gray, and
 * the adversarial image.
 */
public final class Gallery {

    private static final int PANELS = 3;
    private static final int GAP = 2;
    private static final int DEFAULT_WIDTH = 100;
    private static final int WIDEST_PANEL = 64;
    private static final String RAMP = " .:-=+*#%@";

    private static final int PNG_PANEL = 224;
    private static final int PNG_MARGIN = 8;
    private static final int PNG_BACKGROUND = 0xffffff;

    private final Look look;

    /**
     * Creates a renderer.
     *
     * @param look how text may look
     */
    public Gallery(Look look) {
        this.look = look;
    }

    /**
     * Shows an attacked image in letters.
     *
     * @param image the image
     * @return lines
     */
    public List<String> show(AttackedImage image) {
        double factor = Raster.magnification(image.clean(), image.adversarial());
        int width = look.width() > 0 ? look.width() : DEFAULT_WIDTH;
        int columns = Math.min(WIDEST_PANEL, (width - (PANELS - 1) * GAP) / PANELS);
        List<Raster> panels = panels(image, factor).stream().map(p -> p.fit(columns)).toList();

        List<String> lines = new ArrayList<>();
        lines.add(
                look.bold(
                        "Image "
                                + image.index()
                                + ", label "
                                + look.text(image.labelName())
                                + ": "
                                + verdict(image)));
        List<String> captions =
                List.of(
                        look.text(image.predictionName())
                                + " "
                                + Format.percent(image.confidence()),
                        "change " + look.either("×", "x") + " " + Format.number(factor),
                        look.text(image.adversarialName())
                                + " "
                                + Format.percent(image.adversarialConfidence()));
        lines.add(captions(captions, panels.get(0).width()));
        for (int y = 0; y < panels.get(0).height(); y += 2) {
            int row = y;
            lines.add(
                    panels.stream()
                            .map(p -> cells(p, row))
                            .collect(Collectors.joining(" ".repeat(GAP))));
        }
        lines.add(
                image.norms().entrySet().stream()
                        .sorted(Comparator.comparing(e -> e.getKey()))
                        .map(
                                e ->
                                        look.either(e.getKey().symbol(), e.getKey().name())
                                                + " "
                                                + Format.number(e.getValue()))
                        .collect(
                                Collectors.joining(
                                        "  ",
                                        "",
                                        "  " + look.rho2() + " " + Format.ratio(image.rho2()))));
        return lines;
    }

    private static String verdict(AttackedImage image) {
        if (image.success()) {
            return "fooled";
        }
        return image.evaluated()
                ? "not fooled"
                : "not evaluated, as gradients are not finite numbers there";
    }

    private static List<Raster> panels(AttackedImage image, double factor) {
        return List.of(
                Raster.of(image.clean()),
                Raster.difference(image.clean(), image.adversarial(), factor),
                Raster.of(image.adversarial()));
    }

    private static String captions(List<String> captions, int width) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < captions.size(); i++) {
            String caption = captions.get(i);
            int room = i < captions.size() - 1 ? width : Integer.MAX_VALUE;
            line.append(caption.length() > room ? caption.substring(0, room) : caption);
            if (i < captions.size() - 1) {
                line.append(" ".repeat(Math.max(0, width - caption.length()) + GAP));
            }
        }
        return line.toString();
    }

    /** Two rows of pixels in one row of letters. */
    private String cells(Raster raster, int y) {
        int below = Math.min(y + 1, raster.height() - 1);
        StringBuilder line = new StringBuilder();
        String last = "";
        for (int x = 0; x < raster.width(); x++) {
            if (look.colors() == ColorDepth.NONE) {
                double light = (raster.luminance(x, y) + raster.luminance(x, below)) / 2;
                line.append(RAMP.charAt((int) Math.min(RAMP.length() - 1, light * RAMP.length())));
                continue;
            }
            String colors = color(raster, x, y, false) + color(raster, x, below, true);
            if (!colors.equals(last)) {
                line.append(colors);
                last = colors;
            }
            line.append(look.either("▀", " "));
        }
        return look.colors() == ColorDepth.NONE ? line.toString() : line + ColorDepth.RESET;
    }

    private String color(Raster raster, int x, int y, boolean background) {
        return TerminalColors.color(
                look.colors(),
                background,
                raster.level(x, y, 0),
                raster.level(x, y, 1),
                raster.level(x, y, 2));
    }

    /**
     * Writes attacked images to a PNG file, a row each.
     *
     * @param images the images, all of one size
     * @param file the file
     * @throws IOException if writing fails
     */
    public static void writePng(List<AttackedImage> images, Path file) throws IOException {
        Raster first = Raster.of(images.get(0).clean());
        int square = Math.max(1, PNG_PANEL / Math.max(first.width(), first.height()));
        int stepX = first.width() * square + PNG_MARGIN;
        int stepY = first.height() * square + PNG_MARGIN;
        BufferedImage png =
                new BufferedImage(
                        PANELS * stepX + PNG_MARGIN,
                        images.size() * stepY + PNG_MARGIN,
                        BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < png.getHeight(); y++) {
            for (int x = 0; x < png.getWidth(); x++) {
                png.setRGB(x, y, PNG_BACKGROUND);
            }
        }
        int top = PNG_MARGIN;
        for (AttackedImage image : images) {
            int left = PNG_MARGIN;
            double factor = Raster.magnification(image.clean(), image.adversarial());
            for (Raster panel : panels(image, factor)) {
                panel.paint(png, left, top, square);
                left += stepX;
            }
            top += stepY;
        }
        if (!ImageIO.write(png, "png", file.toFile())) {
            throw new IOException(
                    String.format(Locale.ROOT, "this Java cannot write PNG files (%s)", file));
        }
    }
}

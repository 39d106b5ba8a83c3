// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.render;

import java.io.IOException;
import java.nio.file.Path;
import org.deepdefense.evaluation.Picture;
import org.deepdefense.evaluation.UniversalResult;

/** One perturbation for all images, to look at. */
public final class PerturbationPicture {

    private PerturbationPicture() {}

    /**
     * Writes the perturbation to a PNG file, so magnified that its largest pixel just reaches black
     * or white.
     *
     * @param result the result
     * @param file the file
     * @throws IOException if writing fails
     */
    public static void writePng(UniversalResult result, Path file) throws IOException {
        Picture perturbation = result.perturbation();
        Picture nothing =
                new Picture(
                        perturbation.channels(),
                        perturbation.height(),
                        perturbation.width(),
                        new float
                                [perturbation.channels()
                                        * perturbation.height()
                                        * perturbation.width()]);
        Raster.difference(nothing, perturbation, Raster.magnification(nothing, perturbation))
                .writePng(file);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import org.deepdefense.job.Job;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Searches one perturbation that fools a network on most images at once (Moosavi-Dezfooli, Fawzi,
 * Fawzi, Frossard: "Universal adversarial perturbations", CVPR 2017, algorithm 1). It is made of
 * the smallest perturbations that some other attack finds for one image after the other.
 */
@ProviderType
public interface UniversalPerturbations {

    /**
     * Searches on some images and measures on others. What can be checked at once is checked before
     * the method returns; what takes reading files fails the job.
     *
     * @param request what to search
     * @return the running job
     * @throws org.deepdefense.DeepDefenseException if a name does not exist, a parameter is out of
     *     range or the attack does not look for the smallest perturbation
     */
    Job<UniversalResult> search(UniversalRequest request);

    /**
     * Writes a perturbation in NumPy's {@code .npz} format, as array {@code perturbation} (1, C, H,
     * W), float32, to be added to images in units of pixels.
     *
     * @param result has the perturbation
     * @param file the file, which is replaced if it exists
     * @throws IOException if writing fails
     */
    void save(UniversalResult result, Path file) throws IOException;
}

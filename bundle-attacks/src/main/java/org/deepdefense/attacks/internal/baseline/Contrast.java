// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.baseline;

import ai.djl.ndarray.NDArray;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.attacks.internal.support.PathSearch;
import org.deepdefense.model.Bounds;
import org.deepdefense.model.Classifier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Takes contrast away, that is, moves all pixels towards one grey, until the image is
 * misclassified: first in equal steps, then by bisection. Where even the grey image is classified
 * as before, the clean image is returned.
 */
@Component(service = Attack.class, configurationPid = "deepdefense.attack.contrast")
@AttackPlugin(
        name = "contrast",
        type = AttackType.MINIMUM_NORM,
        norm = Norm.L2,
        access = Access.DECISIONS,
        description = "as little loss of contrast as possible (L2), from decisions alone")
@Designate(ocd = Contrast.Parameters.class)
public final class Contrast implements MinimumNormAttack<Contrast.Parameters> {

    /** What can be set. */
    @ObjectClassDefinition(name = "Attack contrast")
    public @interface Parameters {

        @AttributeDefinition(
                description = "grey towards which pixels move, from 0 (black) to 1 (white)",
                min = "0",
                max = "1")
        double target() default 0.5;

        @AttributeDefinition(
                description = "equal steps to grey, each a query, up to the first success",
                min = "1")
        int steps() default 100;

        @AttributeDefinition(
                description = "bisections of the step of the first success, each a query",
                min = "0")
        int bisections() default 10;
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<Parameters> context) {
        Parameters p = context.parameters();
        Bounds bounds = classifier.bounds();
        NDArray grey = images.zerosLike().add(bounds.min() + p.target() * bounds.range());
        return new PathSearch(classifier, context, p.steps(), p.bisections())
                .run(images, grey, criterion, PathSearch::line);
    }
}

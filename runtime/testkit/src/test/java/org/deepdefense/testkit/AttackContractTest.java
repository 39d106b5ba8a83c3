// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attack.AttackType;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.FixedBudgetAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.model.Classifier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The contract lets a correct attack pass and tells each fault by the rule that it breaks. */
@Tag("slow")
class AttackContractTest {

    /** The parameters of all attacks here. */
    @interface Parameters {

        int steps() default 3;
    }

    /** One step along the sign of the gradient, into which the subclasses put a fault each. */
    @AttackPlugin(name = "correct", type = AttackType.FIXED_BUDGET, norm = Norm.LINF, epsilon = 0.1)
    private static class Correct implements FixedBudgetAttack<Parameters> {

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
            context.checkCancelled();
            NDArray gradient = classifier.lossGradient(images, criterion.loss()).gradient();
            if (gradient.abs().max().getFloat() == 0) {
                context.warn("all gradients are zero");
            }
            return step(classifier, images, criterion, context.epsilon());
        }

        NDArray step(Classifier classifier, NDArray images, Criterion criterion, double length) {
            NDArray gradient = classifier.lossGradient(images, criterion.loss()).gradient();
            return clip(images.add(gradient.sign().mul(length)), classifier);
        }

        static NDArray clip(NDArray images, Classifier classifier) {
            return images.clip(classifier.bounds().min(), classifier.bounds().max());
        }
    }

    /** Passes. */
    static class CorrectAttack extends AttackContract {
        CorrectAttack() {
            super(AttackRun.of(new Correct()));
        }
    }

    /** Goes too far. */
    static class Overdrawn extends AttackContract {
        Overdrawn() {
            super(
                    AttackRun.of(
                            new Correct() {
                                @Override
                                NDArray step(
                                        Classifier classifier,
                                        NDArray images,
                                        Criterion criterion,
                                        double length) {
                                    return super.step(classifier, images, criterion, length * 1.05);
                                }
                            }));
        }
    }

    /** Goes the wrong way. */
    static class Backwards extends AttackContract {
        Backwards() {
            super(
                    AttackRun.of(
                            new Correct() {
                                @Override
                                NDArray step(
                                        Classifier classifier,
                                        NDArray images,
                                        Criterion criterion,
                                        double length) {
                                    return super.step(classifier, images, criterion, -length);
                                }
                            }));
        }
    }

    /** Is not to be stopped. */
    static class Deaf extends AttackContract {
        Deaf() {
            super(
                    AttackRun.of(
                            new Correct() {
                                @Override
                                public NDArray run(
                                        Classifier classifier,
                                        NDArray images,
                                        Criterion criterion,
                                        AttackContext<Parameters> context) {
                                    return step(classifier, images, criterion, context.epsilon());
                                }
                            }));
        }
    }

    /** Says nothing of gradients that are zero. */
    static class Silent extends AttackContract {
        Silent() {
            super(
                    AttackRun.of(
                            new Correct() {
                                @Override
                                public NDArray run(
                                        Classifier classifier,
                                        NDArray images,
                                        Criterion criterion,
                                        AttackContext<Parameters> context) {
                                    context.checkCancelled();
                                    return step(classifier, images, criterion, context.epsilon());
                                }
                            }));
        }
    }

    /** Has random numbers of its own. */
    static class Dicing extends AttackContract {
        Dicing() {
            super(
                    AttackRun.of(
                            new Correct() {
                                private final Random random = new Random(0);

                                @Override
                                NDArray step(
                                        Classifier classifier,
                                        NDArray images,
                                        Criterion criterion,
                                        double length) {
                                    double part = random.nextDouble();
                                    return super.step(classifier, images, criterion, length * part);
                                }
                            }));
        }
    }

    /** Lets the samples of a batch decide about each other. */
    static class Mixing extends AttackContract {
        Mixing() {
            super(
                    AttackRun.of(
                            new Correct() {
                                @Override
                                NDArray step(
                                        Classifier classifier,
                                        NDArray images,
                                        Criterion criterion,
                                        double length) {
                                    double part = images.mean().getFloat();
                                    return super.step(classifier, images, criterion, length * part);
                                }
                            }));
        }
    }

    /** Changes the images that it was given. */
    static class Destructive extends AttackContract {
        Destructive() {
            super(
                    AttackRun.of(
                            new Correct() {
                                @Override
                                NDArray step(
                                        Classifier classifier,
                                        NDArray images,
                                        Criterion criterion,
                                        double length) {
                                    NDArray result =
                                            super.step(classifier, images, criterion, length);
                                    images.muli(0.999);
                                    return result;
                                }
                            }));
        }
    }

    /** Keeps an array for itself. */
    static class Hoarding extends AttackContract {
        Hoarding() {
            super(
                    AttackRun.of(
                            new Correct() {
                                @Override
                                NDArray step(
                                        Classifier classifier,
                                        NDArray images,
                                        Criterion criterion,
                                        double length) {
                                    NDManager top = images.getManager().getParentManager();
                                    images.duplicate().attach(top);
                                    return super.step(classifier, images, criterion, length);
                                }
                            }));
        }
    }

    /** Leaves the arrays of its steps to the batch. */
    static class Untidy extends AttackContract {
        Untidy() {
            super(
                    AttackRun.of(
                            new Correct() {
                                @Override
                                public NDArray run(
                                        Classifier classifier,
                                        NDArray images,
                                        Criterion criterion,
                                        AttackContext<Parameters> context) {
                                    for (int i = 0; i < context.parameters().steps(); i++) {
                                        images.zerosLike();
                                    }
                                    return super.run(classifier, images, criterion, context);
                                }
                            }));
        }
    }

    /** Makes steps whose length is meant for pixels in [0, 1]. */
    static class Absolute extends AttackContract {
        Absolute() {
            super(
                    AttackRun.of(
                            new Correct() {
                                @Override
                                NDArray step(
                                        Classifier classifier,
                                        NDArray images,
                                        Criterion criterion,
                                        double length) {
                                    double step = Math.min(length, 0.1);
                                    return super.step(classifier, images, criterion, step);
                                }
                            }));
        }
    }

    /** Has a loss of its own, whatever it is given. */
    static class Obstinate extends AttackContract {
        Obstinate() {
            super(
                    AttackRun.of(
                            new Correct() {
                                @Override
                                NDArray step(
                                        Classifier classifier,
                                        NDArray images,
                                        Criterion criterion,
                                        double length) {
                                    Criterion own =
                                            Criterion.of(criterion.labels(), criterion.targeted());
                                    return super.step(classifier, images, own, length);
                                }
                            }));
        }
    }

    /** Leaves the label out of a maximum by a number that is only small beside ordinary logits. */
    static class Masking extends AttackContract {
        Masking() {
            super(
                    AttackRun.of(
                            new Correct() {
                                @Override
                                NDArray step(
                                        Classifier classifier,
                                        NDArray images,
                                        Criterion criterion,
                                        double length) {
                                    NDArray label =
                                            criterion
                                                    .labels()
                                                    .oneHot(classifier.classes(), DataType.FLOAT32);
                                    NDArray gradient =
                                            classifier
                                                    .lossGradient(
                                                            images,
                                                            z ->
                                                                    z.sub(label.mul(1e9f))
                                                                            .max(new int[] {1})
                                                                            .sub(
                                                                                    z.mul(label)
                                                                                            .sum(
                                                                                                    new int
                                                                                                            [] {
                                                                                                        1
                                                                                                    })))
                                                    .gradient();
                                    return clip(
                                            images.add(gradient.sign().mul(length)), classifier);
                                }
                            }));
        }
    }

    @Test
    void aCorrectAttackPasses() {
        assertEquals(Set.of(), failures(CorrectAttack.class));
    }

    @ParameterizedTest
    @CsvSource({
        "Overdrawn, staysInsideBoundsAndBudget",
        "Backwards, reachesTheBoundaryOfTheTwoClassFamily",
        "Backwards, reachesATarget",
        "Deaf, endsWhenItsJobIsCancelled",
        "Silent, warnsOfZeroGradients",
        "Dicing, repeatsItselfWithTheSameSeed",
        "Mixing, attacksASampleAloneAsInABatch",
        "Destructive, changesNeitherImagesNorParametersNorTheirGradients",
        "Hoarding, leavesNoArraysBehind",
        "Untidy, releasesTheArraysOfEachStep",
        "Absolute, findsTheSameInOtherBounds",
        "Obstinate, increasesTheLossThatItIsGiven",
        "Masking, doesNotCareForTheScaleOfLogits"
    })
    void eachFaultBreaksItsRule(String faulty, String rule) throws ClassNotFoundException {
        Class<?> contract = Class.forName(AttackContractTest.class.getName() + "$" + faulty);
        Set<String> failures = failures(contract);
        assertTrue(failures.contains(rule), faulty + " failed in " + failures);
    }

    private static Set<String> failures(Class<?> contract) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(contract))
                .execute()
                .testEvents()
                .failed()
                .map(event -> method(event.getTestDescriptor().getSource().orElseThrow()))
                .collect(Collectors.toSet());
    }

    private static String method(TestSource source) {
        return ((MethodSource) source).getMethodName();
    }
}

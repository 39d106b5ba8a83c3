// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal.auto;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.LogitLoss;
import org.deepdefense.attack.Norm;
import org.deepdefense.attack.SampleRandom;
import org.deepdefense.attacks.internal.support.ActiveSamples;
import org.deepdefense.attacks.internal.support.Ascent;
import org.deepdefense.attacks.internal.support.Ball;
import org.deepdefense.attacks.internal.support.Images;
import org.deepdefense.attacks.internal.support.Masks;
import org.deepdefense.attacks.internal.support.PerSample;
import org.deepdefense.attacks.internal.support.Sight;

/** One climb of {@link AutoPgd}. */
final class AutoPgdClimb implements AutoCloseable {

    /** The weight of a step against that of the momentum (α in the paper). */
    private static final double STEP_WEIGHT = 0.75;

    private final AutoPgd attack;
    private final NDArray result;
    private final NDArray everReached;

    private final ActiveSamples active;
    private final PerSample images;
    private final PerSample previous;
    private final PerSample gradient;
    private final PerSample loss;
    private final PerSample best;
    private final PerSample bestGradient;
    private final PerSample bestLoss;

    /** The best loss at the last checkpoint, and how often the loss has risen since. */
    private final PerSample checkedLoss;

    private final PerSample rises;

    /** The length of the next step, and whether it was halved at the last checkpoint. */
    private final PerSample length;

    private final PerSample halved;
    private final PerSample reached;

    /** The class that is to win, if the objective is targeted. */
    private final PerSample rival;

    /** Looks at the start, as {@link AutoPgd#climb} is given it. */
    AutoPgdClimb(
            AutoPgd attack,
            NDArray clean,
            NDArray start,
            Criterion criterion,
            SampleRandom random,
            NDArray rivals) {
        this.attack = attack;
        this.result = start.duplicate();
        this.everReached = criterion.labels().zerosLike().toType(DataType.BOOLEAN, false);
        this.active = new ActiveSamples(clean, criterion, random);
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            LogitLoss sought = attack.loss(criterion, rivals);
            Sight sight = Sight.at(attack.classifier(), start, sought);
            if (Ascent.isZero(sight.gradient())) {
                attack.context().warn(Ascent.ZERO_GRADIENTS);
            }
            NDArray losses = sought.value(sight.logits());
            NDArray zeros = losses.zerosLike();
            images = active.keep(start);
            previous = active.keep(start);
            gradient = active.keep(sight.gradient());
            loss = active.keep(losses);
            best = active.keep(start);
            bestGradient = active.keep(sight.gradient());
            bestLoss = active.keep(losses);
            checkedLoss = active.keep(losses);
            rises = active.keep(zeros);
            length = active.keep(zeros.add(2 * attack.settings().epsilon()));
            halved = active.keep(zeros.onesLike());
            reached = active.keep(criterion.isAdversarial(sight.logits()));
            rival = active.keep(rivals);
        }
    }

    /** Climbs to the end. */
    AutoPgd.Found finish() {
        leave();
        int window = window(0.22);
        int next = window;
        for (int step = 1; step <= attack.settings().steps() && !active.isEmpty(); step++) {
            attack.context().checkCancelled();
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                move(step == 1 ? 1 : STEP_WEIGHT);
                look();
                leave();
                if (step == next && !active.isEmpty()) {
                    adapt(window);
                }
            }
            if (step == next) {
                window = Math.max(window - window(0.03), window(0.06));
                next += window;
            }
        }
        writeBest();
        return new AutoPgd.Found(result, everReached);
    }

    private int window(double share) {
        return Math.max((int) (share * attack.settings().steps()), 1);
    }

    /** Goes to x + w·(z − x) + (1 − w)·(x − previous x), where z is one step further. */
    private void move(double weight) {
        Ball ball = attack.ball(active.images());
        NDArray x = images.get();
        NDArray next = ball.step(x, gradient.get().duplicate(), Norm.broadcast(length.get(), x));
        if (weight < 1) {
            NDArray momentum = x.sub(previous.get()).muli(1 - weight);
            next = ball.project(next.subi(x).muli(weight).addi(x).addi(momentum));
        }
        previous.set(x);
        images.set(next);
    }

    /** Evaluates the new images, and remembers the best. */
    private void look() {
        NDArray x = images.get();
        LogitLoss sought = attack.loss(active.criterion(), rival.get());
        Sight sight = Sight.at(attack.classifier(), x, sought);
        NDArray losses = sought.value(sight.logits());
        NDArray risen = losses.gt(loss.get()).toType(DataType.FLOAT32, false);
        NDArray better = losses.gt(bestLoss.get());
        rises.set(rises.get().add(risen));
        loss.set(losses);
        gradient.set(sight.gradient());
        best.set(Images.choose(better, x, best.get()));
        bestGradient.set(Images.choose(better, sight.gradient(), bestGradient.get()));
        bestLoss.set(losses.maximum(bestLoss.get()));
        reached.set(active.criterion().isAdversarial(sight.logits()));
    }

    /** Writes the images that are adversarial now, and lets their samples go. */
    private void leave() {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray now = reached.get();
            if (Masks.any(now)) {
                active.write(result, images.get(), now);
                active.write(everReached, now, now);
                if (attack.settings().earlyStop()) {
                    active.retain(now.logicalNot());
                }
            }
        }
    }

    /** Halves steps at a checkpoint, and goes back to the best point where it does. */
    private void adapt(int window) {
        NDArray seldom = rises.get().lte(attack.settings().rho() * window);
        NDArray stuck = checkedLoss.get().gte(bestLoss.get()).logicalAnd(halved.get().eq(0));
        NDArray now = seldom.logicalOr(stuck);
        NDArray isHalved = now.toType(DataType.FLOAT32, false);
        length.set(length.get().mul(isHalved.mul(-0.5f).addi(1)));
        halved.set(isHalved);
        checkedLoss.set(bestLoss.get());
        rises.set(isHalved.zerosLike());
        images.set(Images.choose(now, best.get(), images.get()));
        gradient.set(Images.choose(now, bestGradient.get(), gradient.get()));
    }

    /** Writes the best images of the samples that never were adversarial. */
    private void writeBest() {
        if (!active.isEmpty()) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray never = everReached.get(new NDIndex("{}", active.rows())).logicalNot();
                active.write(result, best.get(), never);
            }
        }
    }

    @Override
    public void close() {
        active.close();
    }
}

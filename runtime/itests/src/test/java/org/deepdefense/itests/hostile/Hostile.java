// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.itests.hostile;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.deepdefense.attack.AttackContext;
import org.deepdefense.attack.Criterion;
import org.deepdefense.attack.MinimumNormAttack;
import org.deepdefense.attack.Norm;
import org.deepdefense.model.Classifier;

/** An attack that does what no attack may do. */
public final class Hostile implements MinimumNormAttack<Hostile.Parameters> {

    /** Begins the names of system properties, which end with those of threads that hear nothing. */
    public static final String BEGUN = "deepdefense.itests.deaf.";

    /** What it does. */
    public enum Kind {
        /** Changes the images that it was given. */
        IN_PLACE,
        /** Returns another shape. */
        WRONG_SHAPE,
        /** Returns what is no number. */
        NAN,
        /** Throws an exception that it does not declare. */
        CHECKED,
        /** Throws an error. */
        ERROR,
        /** Throws a message that moves the cursor. */
        CONTROL,
        /** Runs for ever and does not look whether it was cancelled. */
        DEAF,
        /** Ends the process. */
        EXIT
    }

    /** What can be set. */
    public @interface Parameters {

        /** Returns what it does. */
        Kind kind() default Kind.IN_PLACE;
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Norm norm() {
        return Norm.L2;
    }

    @Override
    public NDArray run(
            Classifier classifier,
            NDArray images,
            Criterion criterion,
            AttackContext<Parameters> context) {
        return switch (context.parameters().kind()) {
            case IN_PLACE -> images.muli(0);
            case WRONG_SHAPE -> images.flatten();
            case NAN -> images.mul(Float.NaN);
            case CHECKED -> {
                Hostile.<RuntimeException>sneak(new IOException("no licence"));
                yield images;
            }
            case ERROR -> throw new StackOverflowError("too deep");
            case CONTROL ->
                    throw new IllegalStateException("\u001b[2J\u001b[Hgone\nuser@host:~$ \u202e");
            case DEAF -> {
                sleep();
                yield images;
            }
            case EXIT -> {
                System.exit(0);
                yield images;
            }
        };
    }

    @SuppressWarnings("unchecked") // which is how a checked exception gets out
    private static <E extends Throwable> void sneak(Throwable fault) throws E {
        throw (E) fault;
    }

    private static void sleep() {
        // The classes of a bundle are not those of the test, which waits for this.
        System.setProperty(BEGUN + Thread.currentThread().getName(), "");
        while (true) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException ignored) {
                // That is the point of it.
            }
        }
    }
}

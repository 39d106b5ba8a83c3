package org.deepdefense.attack;

import org.osgi.annotation.versioning.ProviderType;

/**
 * What an attack is given for one batch besides images: parameters, random numbers, and ways to
 * notice that its work is no longer wanted and to say that something is odd.
 *
 * @param <P> the type of the parameters
 */
@ProviderType
public interface AttackContext<P> {

    /**
     * Returns the parameters of this run.
     *
     * @return defaults, overridden by configuration, overridden by the caller
     */
    P parameters();

    /**
     * Returns the random numbers of this batch, the only ones that an attack may use.
     *
     * @return a stream for each sample
     */
    SampleRandom random();

    /**
     * Ends the attack if it is no longer wanted. To be called once an iteration.
     *
     * @throws java.util.concurrent.CancellationException if the job was cancelled
     */
    void checkCancelled();

    /**
     * Reports an oddity, such as gradients that are all zero. Equal messages are reported once.
     *
     * @param message one sentence
     */
    void warn(String message);
}

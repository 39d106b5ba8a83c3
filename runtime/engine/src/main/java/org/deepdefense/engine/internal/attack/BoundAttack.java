package org.deepdefense.engine.internal.attack;

import org.deepdefense.attack.Attack;

/**
 * An attack with the parameters of a run.
 *
 * @param name the name by which users call it
 * @param attack the attack
 * @param parameters its parameters
 * @param <P> the type of the parameters
 */
public record BoundAttack<P>(String name, Attack<P> attack, P parameters) {}

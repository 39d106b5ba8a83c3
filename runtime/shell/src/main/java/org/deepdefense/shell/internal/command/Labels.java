// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

/** What values are called in help texts; completion goes by these names. */
public final class Labels {

    /** A registered model, or a file with a whole network. */
    public static final String MODEL = "MODEL";

    /** A registered data set. */
    public static final String DATASET = "DATASET";

    /** A registered attack with parameters. */
    public static final String ATTACK = "ATTACK";

    /** A registered defense with parameters. */
    public static final String DEFENSE = "DEFENSE";

    /** What changes the objective of a defense, with parameters. */
    public static final String MODIFIER = "MODIFIER";

    /** A saved network, a file, or a model and a file. */
    public static final String NETWORK = "NETWORK";

    /** A saved network. */
    public static final String SAVED = "NAME";

    /** A job. */
    public static final String JOB = "JOB";

    /** A file. */
    public static final String FILE = "FILE";

    /** A directory. */
    public static final String DIRECTORY = "DIR";

    /** A part of a data set. */
    public static final String SPLIT = "SPLIT";

    /** The class that an attack is to reach. */
    public static final String TARGET = "CLASS";

    /** What an attack is asked for. */
    public static final String TYPE = "TYPE";

    /** A norm of perturbations. */
    public static final String NORM = "NORM";

    /** What an attack is given of a network. */
    public static final String ACCESS = "ACCESS";

    /** A command. */
    public static final String COMMAND = "COMMAND";

    private Labels() {}
}

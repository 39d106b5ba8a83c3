// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.home;

import java.util.regex.Pattern;
import org.deepdefense.DeepDefenseException;

/** Names that users give to what is kept in the home. They name directories. */
public final class Names {

    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*");
    private static final int LONGEST = 100;

    private Names() {}

    /**
     * Tells whether a name is one.
     *
     * @param name the name
     * @return whether it can name a directory everywhere
     */
    public static boolean isValid(String name) {
        return VALID.matcher(name).matches() && name.length() <= LONGEST;
    }

    /**
     * Checks a name.
     *
     * @param name the name
     * @return the name
     * @throws DeepDefenseException if it can't name a directory everywhere
     */
    public static String check(String name) {
        if (!isValid(name)) {
            throw new DeepDefenseException(
                    "'" + name + "' is no valid name",
                    "use up to "
                            + LONGEST
                            + " letters, digits, '.', '_' and '-', and no '.' at the beginning");
        }
        return name;
    }
}

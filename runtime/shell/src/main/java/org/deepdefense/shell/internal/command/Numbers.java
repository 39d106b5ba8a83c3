// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.math.BigDecimal;
import java.math.BigInteger;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Reads numbers, and says in the words of the help what is none. */
final class Numbers {

    private Numbers() {}

    /** Makes a command read its numbers here. */
    static void register(CommandLine command) {
        command.registerConverter(int.class, Numbers::whole);
        command.registerConverter(Integer.class, Numbers::whole);
        command.registerConverter(long.class, Numbers::large);
        command.registerConverter(Long.class, Numbers::large);
        command.registerConverter(double.class, Numbers::number);
        command.registerConverter(Double.class, Numbers::number);
    }

    private static int whole(String text) {
        return Math.toIntExact(whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE));
    }

    private static long large(String text) {
        return whole(text, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private static long whole(String text, long min, long max) {
        BigInteger number;
        try {
            number = new BigInteger(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is no whole number");
        }
        if (number.compareTo(BigInteger.valueOf(min)) < 0
                || number.compareTo(BigInteger.valueOf(max)) > 0) {
            throw new TypeConversionException(
                    "'" + text + "' is out of range, from " + min + " to " + max);
        }
        return number.longValueExact();
    }

    static double number(String text) {
        try {
            return new BigDecimal(text).doubleValue();
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is no number, such as 0.1 or 1e-3");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a budget: a number, or a fraction as papers write it (8/255). */
final class Budgets implements ITypeConverter<Double> {

    @Override
    public Double convert(String text) {
        try {
            int slash = text.indexOf('/');
            return slash < 0
                    ? Numbers.number(text)
                    : Numbers.number(text.substring(0, slash))
                            / Numbers.number(text.substring(slash + 1));
        } catch (TypeConversionException e) {
            throw new TypeConversionException("'" + text + "' is no number, such as 0.1 or 8/255");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.shell.internal.command;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.deepdefense.attack.Access;
import org.deepdefense.attack.Norm;
import org.deepdefense.catalog.NearestNames;
import org.deepdefense.dataset.Split;
import org.deepdefense.report.text.AttackList;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads one of a few words, in any case, and spells them as the help does. */
final class Choices<E extends Enum<E>> implements ITypeConverter<E> {

    private final Class<E> type;

    private Choices(Class<E> type) {
        this.type = type;
    }

    /** Makes a command read its choices here. */
    static void register(CommandLine command) {
        command.registerConverter(Norm.class, new Choices<>(Norm.class));
        command.registerConverter(Split.class, new Choices<>(Split.class));
        command.registerConverter(Access.class, new Choices<>(Access.class));
        command.registerConverter(AttackList.Type.class, new Choices<>(AttackList.Type.class));
    }

    /**
     * Returns how users write a choice.
     *
     * @param choice the choice
     * @return norms in upper case, as in texts, and other words in lower case
     */
    static String spelling(Enum<?> choice) {
        return choice instanceof Norm ? choice.name() : choice.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public E convert(String text) {
        E[] choices = type.getEnumConstants();
        return Stream.of(choices)
                .filter(choice -> choice.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> none(text, choices));
    }

    private static TypeConversionException none(String text, Enum<?>... choices) {
        List<String> names = Arrays.stream(choices).map(Choices::spelling).toList();
        String question = NearestNames.question(text, names).strip();
        return new TypeConversionException(
                "'"
                        + text
                        + "' is none of "
                        + String.join(", ", names)
                        + (question.isEmpty() ? "" : "; " + question));
    }
}

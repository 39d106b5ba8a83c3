package org.deepdefense.engine.internal.catalog;

import java.util.Collection;
import java.util.Comparator;

/** Guesses what a mistyped name was meant to be. */
final class Suggestion {

    private Suggestion() {}

    /**
     * Asks whether the nearest name was meant, if one is near.
     *
     * @param name what was typed
     * @param names what there is
     * @return {@code did you mean "…"? } or nothing
     */
    static String among(String name, Collection<String> names) {
        return names.stream()
                .min(Comparator.comparingInt(candidate -> strangeness(name, candidate)))
                .filter(nearest -> strangeness(name, nearest) <= tolerance(name))
                .map(nearest -> "did you mean \"" + nearest + "\"? ")
                .orElse("");
    }

    private static int tolerance(String name) {
        return Math.min(name.length() / 2, Math.max(2, name.length() / 3));
    }

    /** The beginning of a name is as good as the name. */
    private static int strangeness(String name, String candidate) {
        return !name.isEmpty() && candidate.startsWith(name) ? 0 : distance(name, candidate);
    }

    /** Returns how many characters have to be changed, added or removed (Levenshtein). */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(substitution, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}

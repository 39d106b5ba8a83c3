// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.catalog;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds what somebody may have meant who mistyped a name. */
public final class NearestNames {

    private static final int MOST = 3;

    private NearestNames() {}

    /**
     * Returns the names that are a few keystrokes away, or that begin with what was typed.
     *
     * @param word what was typed
     * @param names the names that there are
     * @return at most three names, the nearest first
     */
    public static List<String> of(String word, Collection<String> names) {
        return names.stream()
                .filter(name -> strangeness(word, name) <= tolerance(word))
                .sorted(
                        Comparator.comparingInt((String name) -> strangeness(word, name))
                                .thenComparing(name -> name))
                .limit(MOST)
                .toList();
    }

    /**
     * Asks whether one of the nearest names was meant, as the beginning of a remedy.
     *
     * @param word what was typed
     * @param names the names that there are
     * @return {@code did you mean "…"? } with a blank at its end, or nothing if no name is near
     */
    public static String question(String word, Collection<String> names) {
        List<String> nearest = of(word, names);
        return nearest.isEmpty()
                ? ""
                : "did you mean \"" + String.join("\" or \"", nearest) + "\"? ";
    }

    private static int tolerance(String word) {
        return Math.min(word.length() / 2, Math.max(2, word.length() / 3));
    }

    /** The beginning of a name is as good as the name, and case makes no difference. */
    private static int strangeness(String word, String name) {
        String typed = word.toLowerCase(Locale.ROOT);
        String meant = name.toLowerCase(Locale.ROOT);
        return typed.length() > 1 && meant.startsWith(typed) ? 0 : distance(typed, meant);
    }

    /**
     * Returns how many characters have to be inserted, deleted, replaced or swapped with their
     * neighbour (Damerau and Levenshtein, each place edited once).
     */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] =
                        Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}

package org.deepdefense.shell.internal;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds what somebody may have meant who mistyped a name. */
public final class Nearest {

    private static final int MOST = 3;

    private Nearest() {}

    /**
     * Returns the names that are a few keystrokes away.
     *
     * @param word what was typed
     * @param names the names that there are
     * @return at most three names, the nearest first
     */
    public static List<String> of(String word, Collection<String> names) {
        int far = Math.max(2, word.length() / 3);
        return names.stream()
                .filter(n -> distance(word, n) <= far || (word.length() > 1 && n.startsWith(word)))
                .sorted(Comparator.comparingInt((String n) -> distance(word, n)))
                .limit(MOST)
                .toList();
    }

    /** The number of letters to insert, delete, replace or swap (Damerau and Levenshtein). */
    static int distance(String a, String b) {
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

// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.models.internal.format;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the text of a TorchScript program for what a network has no need of: operators that write
 * or map files or print, those of libraries that are not PyTorch's, and native classes that do more
 * than hold weights. Any operator can be called as a method of its first argument or by another
 * name, so that each mention of its name counts.
 */
final class TorchScriptProgram {

    private static final String PRINT = "print";

    /** Operators that touch files or write to the terminal. */
    private static final Set<String> FORBIDDEN =
            Set.of("save", "from_file", "warn", PRINT, "_print", "Print");

    /** Libraries of operators that only compute. */
    private static final Set<String> LIBRARIES =
            Set.of(
                    "aten",
                    "prim",
                    "prims",
                    "quantized",
                    "_quantized",
                    "mkldnn",
                    "mkldnn_prepacked",
                    "onednn",
                    "prepacked",
                    "sparse",
                    "xnnpack");

    /** Libraries of native classes that hold packed weights. */
    private static final Set<String> CLASSES =
            Set.of("quantized", "rnn", "sparse", "mkldnn", "onednn", "xnnpack");

    /** Where names come from; alone they would be a way to call these by other names. */
    private static final Set<String> NAMESPACES =
            Set.of("ops", "__torch__", "__torch__.torch", "__torch__.torch.classes");

    private static final String NATIVE_CLASSES = "__torch__.torch.classes.";

    /** Native code parses and compiles by recursion: values nest no deeper than this. */
    private static final int MAX_DEPTH = 100;

    private static final int MAX_INDENTATION = 200;

    /** Operators that are words. */
    private static final Set<String> OPERATORS = Set.of("and", "or", "not", "if", "else");

    private static final Pattern TOKEN =
            Pattern.compile(
                    "(?<newline>\\n"
                            + "[ ]*)|(?<space>[ ]+|#[^\\n"
                            + "]*)|(?<text>\"(?:[^\"\\\\\\n"
                            + "]|\\\\[^\\n"
                            + "])*+\"|'(?:[^'\\\\\\n"
                            + "]|\\\\[^\\n"
                            + "])*+')|(?<number>(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?j?)"
                            + "|(?<name>[A-Za-z_]\\w*(?:\\.[A-Za-z_]\\w*)*)|(?<open>[(\\[{])"
                            + "|(?<close>[)\\]}])|(?<other>->|[-+*/%<>=!&|~.,:])");

    private final String text;
    private final Deque<Integer> outer = new ArrayDeque<>();
    private int depth;

    /** Whether the token before is the dot behind a value. */
    private boolean behindDot;

    /** Whether the statement looks up attributes by texts. */
    private boolean reflects;

    private TorchScriptProgram(String text) {
        this.text = text;
    }

    /**
     * Looks for what a network has no need of.
     *
     * @param text a program as {@code torch.jit.save} writes it
     * @return what was found first, in words, or nothing
     */
    static Optional<String> forbidden(String text) {
        return new TorchScriptProgram(text).find();
    }

    /**
     * Tells whether a pickle's class is one of the network's own or holds packed weights.
     *
     * @param global a module and a name, with a space between
     * @return whether an object of it may be made
     */
    static boolean isOfNetwork(String global) {
        String name = global.replace(' ', '.');
        return name.startsWith("__torch__.") && !isForeignClass(name);
    }

    private Optional<String> find() {
        Matcher token = TOKEN.matcher(text);
        int position = 0;
        while (position < text.length()) {
            token.region(position, text.length());
            if (!token.lookingAt()) {
                return Optional.of("the sign " + Character.getName(text.codePointAt(position)));
            }
            Optional<String> found = look(token);
            if (found.isPresent()) {
                return found;
            }
            position = token.end();
        }
        return Optional.empty();
    }

    private Optional<String> look(Matcher token) {
        String value = token.group();
        if (token.group("space") != null) {
            return Optional.empty();
        }
        if (token.group("newline") != null) {
            if (outer.isEmpty()) {
                depth = 0;
                reflects = false;
            }
            return tooDeep(value.length() > MAX_INDENTATION);
        }
        boolean afterDot = behindDot;
        behindDot = value.equals(".");
        if (token.group("name") != null) {
            return name(value, afterDot);
        }
        if (token.group("text") != null) {
            return text(value, token.start());
        }
        if (token.group("open") != null) {
            outer.push(depth);
            depth++;
        } else if (token.group("close") != null) {
            depth = 1 + (outer.isEmpty() ? 0 : outer.pop());
        } else if (value.equals(",")) {
            depth = outer.isEmpty() ? 0 : outer.peek() + 1;
        } else if (token.group("other") != null) {
            depth++;
        }
        return tooDeep(depth > MAX_DEPTH);
    }

    private Optional<String> name(String value, boolean afterDot) {
        String[] parts = value.split("\\.", -1);
        if (isForeignClass(value)) {
            return Optional.of("the class " + value);
        }
        if (!afterDot && NAMESPACES.contains(value)) {
            return Optional.of("the namespace " + value);
        }
        if (!afterDot && parts[0].equals("ops") && !LIBRARIES.contains(parts[1])) {
            return Optional.of("the operator " + value.substring("ops.".length()));
        }
        for (int i = 0; i < parts.length; i++) {
            boolean operator = i > 0 || afterDot || parts[i].equals(PRINT);
            if (operator && FORBIDDEN.contains(parts[i])) {
                return Optional.of("the operator " + parts[i]);
            }
        }
        reflects |= value.equals("getattr");
        depth += OPERATORS.contains(value) ? 1 : 0;
        return tooDeep(depth > MAX_DEPTH || parts.length > MAX_DEPTH);
    }

    private Optional<String> text(String value, int start) {
        char before = start == 0 ? ' ' : text.charAt(start - 1);
        if (Character.isLetterOrDigit(before) || before == '_' || before == '"' || before == '\'') {
            return Optional.of("a text of another kind");
        }
        String content = value.substring(1, value.length() - 1);
        return reflects && (content.contains("\\") || FORBIDDEN.contains(content))
                ? Optional.of("the operator " + content)
                : Optional.empty();
    }

    private static Optional<String> tooDeep(boolean is) {
        return is ? Optional.of("an expression that is nested too deeply") : Optional.empty();
    }

    private static boolean isForeignClass(String name) {
        return name.startsWith(NATIVE_CLASSES)
                && CLASSES.stream()
                        .noneMatch(library -> name.startsWith(NATIVE_CLASSES + library + "."));
    }
}

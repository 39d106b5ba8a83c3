// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.text;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.deepdefense.catalog.ParameterInfo;
import org.deepdefense.catalog.PluginInfo;

/** Lists of plug-ins, and all about one. */
public final class PluginText {

    private static final int DEFAULT_WIDTH = 100;

    private final Look look;

    /**
     * Creates a renderer.
     *
     * @param look how text may look
     */
    public PluginText(Look look) {
        this.look = look;
    }

    /**
     * Lists plug-ins with what tells them apart, their parameters and their bundles.
     *
     * @param plugins plug-ins of one kind
     * @return lines
     */
    public List<String> list(List<PluginInfo> plugins) {
        Set<String> traits = new LinkedHashSet<>();
        plugins.forEach(p -> traits.addAll(p.traits().keySet()));
        boolean shapes = plugins.stream().anyMatch(p -> p.shape().isPresent());
        boolean parameters = plugins.stream().anyMatch(p -> !p.parameters().isEmpty());

        TextTable table = new TextTable(look).left("NAME");
        if (shapes) {
            table.left("SHAPE");
        }
        traits.forEach(trait -> table.left(trait.toUpperCase(Locale.ROOT)));
        table.wrapped(parameters ? "DESCRIPTION [PARAMETER=DEFAULT]" : "DESCRIPTION");
        table.left("BUNDLE");
        for (PluginInfo plugin : plugins) {
            List<String> cells = new ArrayList<>();
            cells.add(plugin.name());
            if (shapes) {
                cells.add(shape(plugin));
            }
            traits.forEach(trait -> cells.add(plugin.traits().getOrDefault(trait, "")));
            cells.add((plugin.description() + " " + defaults(plugin)).strip());
            cells.add(plugin.bundle());
            table.row(cells);
        }
        return table.lines();
    }

    private static String defaults(PluginInfo plugin) {
        return plugin.parameters().isEmpty()
                ? ""
                : plugin.parameters().stream()
                        .map(p -> p.name() + "=" + p.value())
                        .collect(Collectors.joining(" ", "[", "]"));
    }

    private static String shape(PluginInfo plugin) {
        return plugin.shape()
                .map(
                        s ->
                                java.util.Arrays.stream(s.getShape())
                                        .mapToObj(Long::toString)
                                        .collect(Collectors.joining("x")))
                .orElse("");
    }

    /**
     * Tells all about a plug-in.
     *
     * @param plugin the plug-in
     * @return lines
     */
    public List<String> details(PluginInfo plugin) {
        int width = look.width() > 0 ? look.width() : DEFAULT_WIDTH;
        List<String> lines = new ArrayList<>();
        String title = plugin.name() + " (" + plugin.kind().name().toLowerCase(Locale.ROOT) + ")";
        lines.add(look.bold(title));
        indent(lines, plugin.description(), width);
        if (!plugin.paper().isBlank()) {
            indent(lines, "Paper: " + plugin.paper(), width);
        }
        plugin.shape().ifPresent(s -> lines.add("  shape: " + shape(plugin)));
        plugin.traits().forEach((name, value) -> lines.add(look.text("  " + name + ": " + value)));
        lines.add(look.text("  bundle: " + plugin.bundle()));
        if (!plugin.candidates().isEmpty()) {
            lines.add("");
            TextTable table = new TextTable(look).left("NAME").left("BUNDLE").wrapped("STANDING");
            plugin.candidates()
                    .forEach(c -> table.row(List.of(c.name(), c.bundle(), c.standing())));
            lines.addAll(table.lines());
        }
        if (!plugin.parameters().isEmpty()) {
            lines.add("");
            TextTable table =
                    new TextTable(look)
                            .left("PARAMETER")
                            .left("DEFAULT")
                            .left("ALLOWED")
                            .wrapped("DESCRIPTION");
            plugin.parameters()
                    .forEach(
                            p ->
                                    table.row(
                                            List.of(
                                                    p.name(),
                                                    p.value(),
                                                    allowed(p),
                                                    p.description())));
            lines.addAll(table.lines());
            lines.add("");
            ParameterInfo first = plugin.parameters().get(0);
            lines.add(
                    look.text(
                            "Write "
                                    + (plugin.name() + ":" + first.name() + "=" + first.value())
                                    + " to give a parameter, and separate several by commas."));
        }
        return lines;
    }

    private void indent(List<String> lines, String text, int width) {
        if (!text.isBlank()) {
            Words.wrap(look.text(text), width - 2).forEach(line -> lines.add("  " + line));
        }
    }

    private static String allowed(ParameterInfo parameter) {
        if (!parameter.options().isEmpty()) {
            return String.join("|", parameter.options());
        }
        String min = parameter.min().orElse("");
        String max = parameter.max().orElse("");
        if (min.isEmpty() && max.isEmpty()) {
            return parameter.type();
        }
        if (max.isEmpty()) {
            return parameter.type() + " >= " + min;
        }
        return min.isEmpty()
                ? parameter.type() + " <= " + max
                : parameter.type() + " " + min + ".." + max;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.report.text;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.deepdefense.job.Provenance;
import org.deepdefense.network.NetworkRecord;
import org.deepdefense.training.TrainingResult;

/** What came of trainings, and what is saved. */
public final class TrainingText {

    /** The roles of plug-ins that tell trainings apart; several modifiers are numbered. */
    private static final Pattern SHOWN = Pattern.compile("defense|modifier( \\d+)?|attack");

    private final Look look;

    /**
     * Creates a renderer.
     *
     * @param look how text may look
     */
    public TrainingText(Look look) {
        this.look = look;
    }

    /**
     * Tells the result of a training.
     *
     * @param result the result
     * @return lines
     */
    public List<String> training(TrainingResult result) {
        Set<String> metrics = new LinkedHashSet<>();
        result.epochs().forEach(e -> metrics.addAll(e.metrics().keySet()));
        TextTable table = new TextTable(look).right("EPOCH").right("LOSS");
        metrics.forEach(m -> table.right(look.text(m).toUpperCase(Locale.ROOT)));
        for (TrainingResult.Epoch epoch : result.epochs()) {
            List<String> cells = new ArrayList<>();
            cells.add(Integer.toString(epoch.number()));
            cells.add(Format.number(epoch.loss()));
            metrics.forEach(
                    m -> cells.add(Format.number(epoch.metrics().getOrDefault(m, Double.NaN))));
            table.row(cells);
        }
        List<String> lines = new ArrayList<>();
        if (!result.epochs().isEmpty()) {
            lines.addAll(table.lines());
        }
        lines.add(
                "Saved as "
                        + look.bold(result.network().name())
                        + " after "
                        + Times.duration(Duration.ofMillis((long) (result.seconds() * 1000)))
                        + ".");
        return lines;
    }

    /**
     * Lists saved networks.
     *
     * @param networks the networks
     * @return lines
     */
    public List<String> networks(List<NetworkRecord> networks) {
        TextTable table =
                new TextTable(look)
                        .left("NAME")
                        .left("MODEL")
                        .left("DEFENSE")
                        .left("DATA SET")
                        .left("FROM")
                        .left("SAVED")
                        .left("CHECKSUM");
        for (NetworkRecord network : networks) {
            table.row(
                    List.of(
                            network.name(),
                            network.model(),
                            defense(network),
                            network.training().dataset().name(),
                            network.parent().orElse(""),
                            Times.local(network.training().created()),
                            shortened(network.checksum())));
        }
        return table.lines();
    }

    /**
     * Tells all about a saved network.
     *
     * @param network the network
     * @return lines
     */
    public List<String> network(NetworkRecord network) {
        List<String> lines = new ArrayList<>();
        lines.add(look.bold(network.name()) + " (network)");
        TextTable table = new TextTable(look).left("").wrapped("");
        table.row(
                List.of(
                        "  model",
                        network.model()
                                + " "
                                + String.join(
                                        "x",
                                        network.inputShape().stream().map(String::valueOf).toList())
                                + ", "
                                + network.classes()
                                + " classes"));
        table.row(List.of("  checksum", network.checksum()));
        network.parent().ifPresent(p -> table.row(List.of("  trained from", p)));
        table.row(List.of("  data set", network.training().dataset().name()));
        network.training()
                .plugins()
                .forEach((role, plugin) -> table.row(List.of("  " + role, plugin(plugin))));
        network.training()
                .settings()
                .forEach((name, value) -> table.row(List.of("  " + name, value)));
        table.row(List.of("  seed", Long.toString(network.training().seed())));
        table.row(List.of("  saved", Times.local(network.training().created())));
        lines.addAll(table.lines());
        network.metrics().forEach(m -> lines.add("  " + look.text(m)));
        return lines;
    }

    private static String plugin(Provenance.Plugin plugin) {
        List<String> parameters =
                plugin.parameters().entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .toList();
        return (plugin.name() + " " + String.join(", ", parameters)).strip()
                + " ("
                + plugin.bundle()
                + ")";
    }

    private static String defense(NetworkRecord network) {
        Map<String, Provenance.Plugin> plugins = network.training().plugins();
        if (!plugins.containsKey("defense")) {
            return "";
        }
        return plugins.entrySet().stream()
                .filter(plugin -> SHOWN.matcher(plugin.getKey()).matches())
                .map(plugin -> plugin.getValue().name())
                .collect(Collectors.joining(" + "));
    }

    private static String shortened(String checksum) {
        String digits = checksum.substring(checksum.indexOf(':') + 1);
        return digits.length() > 12 ? digits.substring(0, 12) : digits;
    }
}

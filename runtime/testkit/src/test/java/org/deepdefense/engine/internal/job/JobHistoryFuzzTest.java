// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deepdefense.engine.internal.home.Home;
import org.deepdefense.job.JobRecord;
import org.deepdefense.testkit.Fuzz;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged records of jobs: each is left out, or whole in all parts, and hides no other. */
class JobHistoryFuzzTest {

    private static final String RECORD =
            """
            {
              "id": "train-1",
              "description": "train untrained mlp on digits",
              "state": "FAILED",
              "started": "2026-01-02T03:04:05Z",
              "ended": "2026-01-02T03:05:06.789Z",
              "warnings": ["it is odd"],
              "error": "The loss became NaN: train with a learning rate below 0.1",
              "result": {"seconds": 1.5, "epochs": [{"number": 1, "metrics": {"rho": null}}]}
            }""";

    @TempDir private Path directory;

    @Test
    void damagedRecords() throws Exception {
        Home home = new Home(directory);
        Files.createDirectories(home.jobs());
        Path whole = home.jobs().resolve("20260102-030506-789000-train-1.json");
        Path damaged = home.jobs().resolve("20260102-030507-000000-train-2.json");
        Files.writeString(whole, RECORD);
        JobHistory history = new JobHistory(home, 10);
        new Fuzz("records of jobs", 1, RECORD.getBytes(StandardCharsets.UTF_8))
                .run(
                        1000,
                        content -> {
                            Files.write(damaged, content);
                            List<JobRecord> records = history.list();
                            assertEquals(whole, records.get(0).file());
                            records.forEach(JobHistoryFuzzTest::checkWhole);
                        });
    }

    private static void checkWhole(JobRecord record) {
        assertNotNull(record.id());
        assertNotNull(record.description());
        assertNotNull(record.state());
        assertNotNull(record.started());
        assertNotNull(record.ended());
        assertNotNull(record.error());
        record.warnings().forEach(Assertions::assertNotNull);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.engine.internal.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.deepdefense.DeepDefenseException;
import org.deepdefense.engine.internal.fixture.Registration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LazyServiceTest {

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private Plugin<String> plugin(Duration limit, Supplier<String> source) {
        return Plugin.of(
                "attack",
                new Registration<>(Map.of("deepdefense.name", "slow"), ""),
                new LazyService<>(source, threads, () -> limit),
                () -> Optional.of("java.io.IOException: no licence"));
    }

    private static String error(Plugin<String> plugin) {
        return assertThrows(DeepDefenseException.class, plugin::service).getMessage();
    }

    @Test
    void aServiceIsGotOnce() {
        AtomicInteger calls = new AtomicInteger();
        Plugin<String> plugin =
                plugin(Duration.ofSeconds(20), () -> "service " + calls.incrementAndGet());
        assertEquals("service 1", plugin.service());
        assertEquals("service 1", plugin.service());
    }

    @Test
    void oneThatBlocksIsNamedAndServesWhenItIsReady() throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        Plugin<String> plugin =
                plugin(
                        Duration.ofMillis(100),
                        () -> {
                            await(ready);
                            return "late";
                        });
        String expected =
                "Attack \"slow\" (bundle org.example.plugin 1.2.3) did not start within 0.1 s";
        assertTrue(error(plugin).startsWith(expected), error(plugin));
        ready.countDown();
        threads.shutdown();
        assertTrue(threads.awaitTermination(20, TimeUnit.SECONDS));
        assertEquals("late", plugin.service());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void oneThatCannotBeHadIsNamedWithTheReason() {
        assertTrue(
                error(plugin(Duration.ofSeconds(20), () -> null))
                        .startsWith(
                                "Attack \"slow\" (bundle org.example.plugin 1.2.3) did not start:"
                                        + " java.io.IOException: no licence"));
        assertTrue(
                error(
                                plugin(
                                        Duration.ofSeconds(20),
                                        () -> {
                                            throw new ExceptionInInitializerError("static trouble");
                                        }))
                        .contains("static trouble"));
    }
}

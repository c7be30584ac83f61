package dev.runnel.snippets;

import static dev.runnel.Go.go;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.Chan;
import dev.runnel.Context;
import dev.runnel.ReceiveChan;
import dev.runnel.patterns.Batch;
import dev.runnel.patterns.Broadcast;
import dev.runnel.patterns.Merge;
import dev.runnel.patterns.RateLimit;
import dev.runnel.patterns.Retry;
import dev.runnel.patterns.Stage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The snippets of the documentation of patterns. */
class PatternSnippets {

    private final Context ctx = Context.background();
    private final List<Object> printed = new ArrayList<>();

    private void println(Object line) {
        printed.add(line);
    }

    private static Chan<String> sent(String... values) {
        Chan<String> chan = Chan.make(values.length);
        List.of(values).forEach(chan::trySend);
        chan.close();
        return chan;
    }

    @Test
    void merge() {
        ReceiveChan<String> here = sent("a", "b");
        ReceiveChan<String> there = sent("c");
        // @start region="merge"
        for (String line : Merge.merge(ctx, here, there)) { // until both are closed
            println(line);
        }
        // @end
        Collections.sort(printed, (a, b) -> a.toString().compareTo(b.toString()));
        assertEquals(List.of("a", "b", "c"), printed);
    }

    private static String fetch(String url) {
        return "page of " + url;
    }

    @Test
    void stage() {
        ReceiveChan<String> urls = sent("a", "b", "c");
        // @start region="stage"
        ReceiveChan<String> pages = Stage.map(ctx, urls, 10, url -> fetch(url)); // ten at once
        for (String page : pages) { // throws at the end if a fetch has failed
            println(page);
        }
        // @end
        Collections.sort(printed, (a, b) -> a.toString().compareTo(b.toString()));
        assertEquals(List.of("page of a", "page of b", "page of c"), printed);
    }

    @Test
    void stageOrdered() {
        ReceiveChan<String> lines = sent("a", "b", "c");
        // @start region="stage-ordered"
        for (String line : Stage.mapOrdered(ctx, lines, 4, String::toUpperCase)) { // in the order of lines
            println(line);
        }
        // @end
        assertEquals(List.of("A", "B", "C"), printed);
    }

    private void insertAll(List<String> rows) {
        println(rows);
    }

    @Test
    void batch() {
        ReceiveChan<String> rows = sent("a", "b", "c");
        // @start region="batch"
        for (List<String> batch : Batch.batch(ctx, rows, 100, Duration.ofMinutes(1))) {
            insertAll(batch); // up to 100, none of which has waited for much longer than a minute
        }
        // @end
        assertEquals(List.of(List.of("a", "b", "c")), printed);
    }

    @Test
    void broadcast() throws Exception {
        Chan<Integer> prices = Chan.make();
        // @start region="broadcast"
        Broadcast<Integer> broadcast = Broadcast.of(ctx, prices);
        try (var subscription = broadcast.subscribe(10)) { // each subscription gets all prices
            go(() -> {
                prices.send(100);
                prices.send(101);
                prices.close();
            });
            for (int price : subscription.channel()) {
                println(price);
            }
            println("missed: " + subscription.missed());
        }
        // @end
        assertEquals(List.of(100, 101, "missed: 0"), printed);
    }

    @Test
    void rateLimit() throws Exception {
        List<String> urls = List.of("a", "b", "c");
        // @start region="rate-limit"
        RateLimit limit = RateLimit.of(100, Duration.ofSeconds(1));
        for (String url : urls) {
            limit.await(ctx); // a hundred at once, then one each ten milliseconds
            go(() -> fetch(url));
        }
        // @end
        assertTrue(limit.tryAcquire());
    }

    private static String fetchFrom(String host) throws IOException {
        return "page of " + host;
    }

    @Test
    void retry() throws Exception {
        String host = "a";
        // @start region="retry"
        String page = Retry.retry(ctx, 5, Duration.ofMillis(100), () -> fetchFrom(host)); // five times at most
        // @end
        assertEquals("page of a", page);
    }

    @Test
    void stopReading() {
        ReceiveChan<String> here = sent("a", "ERROR b", "c");
        ReceiveChan<String> there = sent("d");
        // @start region="stop-reading"
        try (var sub = ctx.withCancel()) {
            for (String line : Merge.merge(sub, here, there)) {
                if (line.startsWith("ERROR")) {
                    println(line);
                    break;
                }
            }
        } // cancels sub: the goroutines behind the merge end
          // @end
        assertEquals(List.of("ERROR b"), printed);
    }
}

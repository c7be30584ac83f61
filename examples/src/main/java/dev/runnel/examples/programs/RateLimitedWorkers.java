package dev.runnel.examples.programs;

import static dev.runnel.Go.after;
import static dev.runnel.Go.go;
import static dev.runnel.Go.goroutines;
import static dev.runnel.Go.select;
import static java.time.Duration.ofSeconds;

import com.sun.net.httpserver.HttpServer;
import dev.runnel.Case;
import dev.runnel.Chan;
import dev.runnel.ReceiveChan;
import dev.runnel.SendChan;
import dev.runnel.WaitGroup;
import dev.runnel.examples.HttpServers;
import dev.runnel.examples.Inputs;
import dev.runnel.examples.UserException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Rate-limited workers: a fixed number of goroutines makes many requests, no more of them a second than a server
 * allows. The server is a local one that counts, and refuses what comes too fast with status 429; or any other one.
 *
 * <p>Go's idioms: a worker pool, rather than a goroutine for each job, of which there would be as many as there are
 * jobs; and a channel as a token bucket: a goroutine puts a token in at each tick unless it is full, a worker takes one
 * out before each request, and what the channel has room for is how many may go at once after a pause, the burst.
 */
@Command(mixinStandardHelpOptions = true, showDefaultValues = true)
public final class RateLimitedWorkers implements Callable<Integer> {

    private static final String OK = "200";

    @Option(names = "--requests", defaultValue = "60", description = "How many to make.")
    private int requests;

    @Option(names = "--workers", defaultValue = "4", description = "How many workers make them.")
    private int workers;

    @Option(names = "--rate", defaultValue = "40", description = "Requests a second.")
    private int rate;

    @Option(names = "--burst", defaultValue = "5", description = "How many may go at once after a pause.")
    private int burst;

    @Option(names = "--no-limit", description = "Make them as fast as the workers can: this is what the limit is for.")
    private boolean noLimit;

    @Option(names = "--url", paramLabel = "URL", description = "What to ask for (default: a server of its own).")
    private @Nullable URI url;

    @Override
    public Integer call() throws Exception {
        Inputs.checkRange("--requests", requests, 1, 1_000_000);
        Inputs.checkRange("--workers", workers, 1, 1000);
        Inputs.checkRange("--rate", rate, 1, 1000);
        Inputs.checkRange("--burst", burst, 1, 1000);
        if (url != null) {
            return ask(url);
        }
        // How many can arrive in a second at most: the burst, the ticks of a second with those at both of its ends,
        // and one from each worker that took its token before that second and was slow to ask.
        CountingServer server = new CountingServer(burst + rate + 1 + workers);
        HttpServer http = HttpServers.listen(0);
        http.createContext("/", request -> {
            boolean admitted = server.admit();
            HttpServers.reply(request, admitted ? 200 : 429, admitted ? "in stock\n" : "Too Many Requests\n");
        });
        http.start();
        try {
            return ask(URI.create("http://localhost:" + http.getAddress().getPort() + "/stock"));
        } finally {
            http.stop(0);
            System.out.println(server);
        }
    }

    private int ask(URI uri) throws InterruptedException, UserException {
        HttpRequest request;
        try {
            request = HttpRequest.newBuilder(uri).timeout(ofSeconds(10)).build();
        } catch (IllegalArgumentException e) {
            throw new UserException("--url " + uri + " cannot be asked for: " + e.getMessage() + ".");
        }
        long start = System.nanoTime();
        Map<String, Integer> outcomes = new TreeMap<>();
        int mostGoroutines = 0;
        Chan<Boolean> done = Chan.make();
        try (HttpClient client = HttpClient.newHttpClient()) {
            Chan<Boolean> tokens = Chan.make(burst);
            go(() -> refill(tokens, done));
            for (String outcome : work(client, request, tokens)) {
                outcomes.merge(outcome, 1, Integer::sum);
                mostGoroutines = Math.max(mostGoroutines, goroutines());
            }
        } finally {
            done.close();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(Locale.ROOT, "%d requests in %.1f s, %.0f a second%n", requests, seconds, requests / seconds);
        outcomes.forEach((outcome, count) -> System.out.printf("  %s: %d%n", outcome, count));
        System.out.printf("At most %d goroutines for %d requests: %d workers%s%n", mostGoroutines, requests, workers,
                url != null ? "" : ", and those of the server");
        return outcomes.getOrDefault(OK, 0) == requests ? 0 : 1;
    }

    /** Fills the bucket, and then puts in a token at each tick; one that finds the bucket full is lost. */
    private void refill(SendChan<Boolean> tokens, ReceiveChan<Boolean> done) throws InterruptedException {
        for (int i = 0; i < burst; i++) {
            tokens.send(true);
        }
        Duration tick = ofSeconds(1).dividedBy(rate);
        Case<Boolean> finished = done.onReceive();
        while (select(finished, after(tick)) != finished) {
            tokens.trySend(true);
        }
    }

    /** Starts the workers, and returns the channel of what became of the requests. */
    private ReceiveChan<String> work(HttpClient client, HttpRequest request, ReceiveChan<Boolean> tokens) {
        Chan<Integer> jobs = Chan.make();
        Chan<String> outcomes = Chan.make();
        go(() -> {
            for (int i = 1; i <= requests; i++) {
                jobs.send(i);
            }
            jobs.close();
        });
        var running = new WaitGroup();
        for (int i = 0; i < workers; i++) {
            running.go(() -> {
                for (int job : jobs) {
                    if (!noLimit) {
                        tokens.receive();
                    }
                    outcomes.send(send(client, request));
                }
            });
        }
        go(() -> {
            running.await();
            outcomes.close();
        });
        return outcomes;
    }

    private static String send(HttpClient client, HttpRequest request) throws InterruptedException {
        try {
            int status = client.send(request, BodyHandlers.discarding()).statusCode();
            return switch (status) {
                case 200 -> OK;
                case 429 -> "429 too many requests";
                default -> "status " + status;
            };
        } catch (ConnectException e) {
            return "could not connect";
        } catch (IOException e) {
            return "failed: " + e.getMessage();
        }
    }

    /** Counts the requests of the last second, and refuses what is too much. */
    private static final class CountingServer {
        private final int limit;
        private final Deque<Long> admitted = new ArrayDeque<>();
        private int most;
        private int refused;

        CountingServer(int limit) {
            this.limit = limit;
        }

        synchronized boolean admit() {
            long now = System.nanoTime();
            while (!admitted.isEmpty() && now - admitted.getFirst() > ofSeconds(1).toNanos()) {
                admitted.removeFirst();
            }
            if (admitted.size() == limit) {
                refused++;
                return false;
            }
            admitted.addLast(now);
            most = Math.max(most, admitted.size());
            return true;
        }

        @Override
        public synchronized String toString() {
            return "The server admits " + limit + " requests in any one second; it had at most " + most
                    + ", and refused "
                    + refused;
        }
    }
}

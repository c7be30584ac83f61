package dev.runnel.examples.programs;

import static dev.runnel.Go.go;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.runnel.CancelContext;
import dev.runnel.Chan;
import dev.runnel.ChanClosedException;
import dev.runnel.Context;
import dev.runnel.ContextException;
import dev.runnel.ReceiveChan;
import dev.runnel.examples.HttpServers;
import dev.runnel.examples.Inputs;
import dev.runnel.examples.UserException;
import dev.runnel.patterns.RateLimit;
import dev.runnel.patterns.Retry;
import dev.runnel.patterns.Stage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The links in files are checked: each is asked for, no more of them a second than is polite, and what may work a
 * little later (a server that is busy or does not answer, but not a page that is not there) is asked for again after
 * pauses that grow.
 *
 * <p>All workers share one {@link RateLimit}, from which each request takes a permit, the repeated ones too: they are
 * inside of what {@link Retry} calls again. {@link Stage#mapOrdered} has the outcomes come in the order of the links.
 * Ctrl-C cancels the context, which ends the waiting for a permit, the pauses and the requests.
 */
@Command(mixinStandardHelpOptions = true, showDefaultValues = true)
public final class CheckLinks implements Callable<Integer> {

    private static final Pattern LINK = Pattern.compile("href=\"([^\"]+)\"|(https?://[^\\s\"'<>()\\[\\]{}|\\\\^`]+)");
    private static final Pattern WEB = Pattern.compile("(?i)https?:.*");

    @Parameters(arity = "0..*", paramLabel = "FILE",
            description = "The files with links, of any format (default: a page from a server of its own).")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--base", paramLabel = "URL",
            description = "The address of the files; without it, relative links are left out.")
    private @Nullable URI base;

    @Option(names = "--rate", defaultValue = "20", description = "Requests a second.")
    private int rate;

    @Option(names = "--workers", defaultValue = "4", description = "How many links are checked at the same time.")
    private int workers;

    @Option(names = "--attempts", defaultValue = "4", description = "How often to ask for a link before giving up.")
    private int attempts;

    @Option(names = "--pause", defaultValue = "PT0.1S",
            description = "How long to wait before the second attempt; each other pause is twice as long.")
    private Duration pause = Duration.ZERO;

    @Option(names = "--timeout", defaultValue = "PT5S", description = "How long to wait for an answer.")
    private Duration timeout = Duration.ZERO;

    private final AtomicInteger requests = new AtomicInteger();

    /** What became of a link. */
    private record Outcome(String link, int attempts, String answer, boolean ok) {

        @Override
        public String toString() {
            return (ok ? "ok      " : "broken  ") + link + "  " + answer
                    + (attempts > 1 ? ", attempt " + attempts : "");
        }
    }

    /** The server cannot answer now, and says so. */
    private static final class BusyException extends Exception {

        private static final long serialVersionUID = 1L;

        BusyException(int status) {
            super(String.valueOf(status));
        }
    }

    @Override
    public Integer call() throws Exception {
        Inputs.checkRange("--rate", rate, 1, 1000);
        Inputs.checkRange("--workers", workers, 1, 1000);
        Inputs.checkRange("--attempts", attempts, 1, 100);
        Inputs.checkPositive("--pause", pause);
        Inputs.checkPositive("--timeout", timeout);
        if (base != null && !WEB.matcher(base.toString()).matches()) {
            throw new UserException("--base must be a URL that begins with http:// or https://, not " + base + ".");
        }
        if (files.isEmpty()) {
            try (BusyServer server = new BusyServer()) {
                return check(links(null, server.root()));
            }
        }
        Set<String> links = new LinkedHashSet<>();
        for (Path file : files) {
            links.addAll(links(file, base));
        }
        return check(links);
    }

    /** The links in a file, each of them once, in the order in which they come. */
    private static Set<String> links(@Nullable Path file, @Nullable URI base) throws IOException, UserException {
        Set<String> links = new LinkedHashSet<>();
        try (BufferedReader lines = Inputs.open(file, "pages/index.html")) {
            for (String line; (line = lines.readLine()) != null;) {
                for (Matcher found = LINK.matcher(line); found.find();) {
                    String reference = found.group(1);
                    String link = absolute(reference != null ? reference
                            : found.group().replaceFirst("[.,;:!?*_]+$", ""), base); // the end of a sentence
                    if (WEB.matcher(link).matches()) {
                        links.add(link.replaceFirst("#.*", ""));
                    }
                }
            }
        }
        return links;
    }

    private static String absolute(String link, @Nullable URI base) {
        try {
            return base == null ? link : base.resolve(link).toString();
        } catch (IllegalArgumentException e) {
            return link; // which will be found broken, if it is one to check
        }
    }

    private int check(Set<String> links) {
        try (Signals signals = Signals.listen();
                CancelContext ctx = signals.context();
                HttpClient client = HttpClient.newHttpClient()) {
            RateLimit limit = RateLimit.of(1, Duration.ofSeconds(1).dividedBy(rate)); // one by one, at even distances
            return print(links, Stage.mapOrdered(ctx, send(links, ctx), workers,
                    link -> check(client, link, limit, ctx)));
        }
    }

    /** Prints the outcomes as they come, and returns 0 if all links work. */
    private int print(Set<String> links, ReceiveChan<Outcome> outcomes) {
        int checked = 0;
        int ok = 0;
        try {
            for (Outcome outcome : outcomes) {
                System.out.println(outcome);
                checked++;
                ok += outcome.ok() ? 1 : 0;
            }
        } catch (ChanClosedException e) {
            if (!(e.getCause() instanceof ContextException)) {
                throw e;
            }
            System.out.println("Interrupted");
        }
        System.out.printf("%d of %d links checked, %d broken, with %d requests%n", checked, links.size(), checked - ok,
                requests.get());
        return ok == links.size() ? 0 : 1;
    }

    private static ReceiveChan<String> send(Set<String> links, Context ctx) {
        Chan<String> sent = Chan.make();
        go(() -> {
            try {
                for (String link : links) {
                    sent.send(link, ctx);
                }
                sent.close();
            } catch (ContextException e) {
                sent.close(e);
            }
        });
        return sent;
    }

    private Outcome check(HttpClient client, String link, RateLimit limit, Context ctx) throws Exception {
        HttpRequest request;
        try {
            request = HttpRequest.newBuilder(URI.create(link)).timeout(timeout).build();
        } catch (IllegalArgumentException e) {
            return new Outcome(link, 0, "not a URL: " + e.getMessage(), false);
        }
        AtomicInteger attempt = new AtomicInteger();
        try {
            int status = Retry.retry(ctx, attempts, pause, () -> {
                limit.await(ctx);
                attempt.incrementAndGet();
                requests.incrementAndGet();
                return ask(client, request);
            });
            return new Outcome(link, attempt.get(), String.valueOf(status), status < 400);
        } catch (BusyException e) {
            return new Outcome(link, attempt.get(), String.valueOf(e.getMessage()), false);
        } catch (HttpTimeoutException e) {
            return new Outcome(link, attempt.get(), "no answer in " + timeout.toMillis() + " ms", false);
        } catch (ConnectException e) {
            return new Outcome(link, attempt.get(), "could not connect", false);
        } catch (IOException e) {
            return new Outcome(link, attempt.get(), "connection lost: " + e.getMessage(), false);
        }
    }

    /** Asks for a page, and throws an exception where it may help to ask again. */
    private static int ask(HttpClient client, HttpRequest request)
            throws IOException, InterruptedException, BusyException {
        int status = client.send(request, BodyHandlers.discarding()).statusCode();
        return switch (status) {
            case 429, 502, 503, 504 -> throw new BusyException(status);
            default -> status;
        };
    }

    /** A server with the pages that come along, which is too busy for the first requests for some of them. */
    private static final class BusyServer implements AutoCloseable {

        private static final Map<String, Integer> TIMES_BUSY = Map.of("articles.html", 1, "returns.html", 2);

        private final HttpServer http = HttpServers.listen(0);
        private final Map<String, Integer> asked = new HashMap<>();
        private int busy;

        BusyServer() throws IOException, UserException {
            http.createContext("/", this::answer);
            http.start();
        }

        URI root() {
            return URI.create("http://localhost:" + http.getAddress().getPort() + "/");
        }

        private synchronized boolean isBusy(String page) {
            int times = asked.getOrDefault(page, 0) + 1;
            asked.put(page, times);
            boolean isBusy = times <= TIMES_BUSY.getOrDefault(page, 0);
            busy += isBusy ? 1 : 0;
            return isBusy;
        }

        private void answer(HttpExchange request) throws IOException {
            String page = request.getRequestURI().getPath().substring(1);
            if (isBusy(page)) {
                HttpServers.reply(request, 503, "503 too much to do\n");
                return;
            }
            try (InputStream text = Inputs.resource("pages/" + page)) {
                HttpServers.reply(request, 200, new String(text.readAllBytes(), StandardCharsets.UTF_8));
            }
        }

        @Override
        public synchronized void close() {
            http.stop(0);
            System.out.printf("The server was asked %d times, and was too busy %d times%n",
                    asked.values().stream().mapToInt(n -> n).sum(), busy);
        }
    }
}

package dev.runnel.examples.programs;

import static dev.runnel.Go.after;
import static dev.runnel.Go.go;
import static dev.runnel.Go.select;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.runnel.Chan;
import dev.runnel.ReceiveChan;
import dev.runnel.WaitGroup;
import dev.runnel.examples.HttpServers;
import dev.runnel.examples.Inputs;
import dev.runnel.examples.UserException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * I/O-bound fan-out: fetches many URLs at once, but never more than a given number at a time.
 *
 * <p>Go's idioms: a buffered channel as a semaphore (a goroutine is started only once its token has its place in the
 * buffer, and takes it out again when it is done), and {@code select} with {@code time.After} for a timeout.
 */
@Command(mixinStandardHelpOptions = true, showDefaultValues = true)
public final class FetchUrls implements Callable<Integer> {

    private static final List<String> PAGES = List.of("index.html", "about.html", "articles.html", "shipping.html",
            "returns.html", "contact.html");

    @Parameters(paramLabel = "URL", description = "What to fetch (default: some pages from a server of its own).")
    private @Nullable List<String> urls;

    @Option(names = "--file", paramLabel = "FILE", description = "A file of URLs, one a line; # begins a comment.")
    private @Nullable Path file;

    @Option(names = "--parallel", defaultValue = "4", description = "How many at a time.")
    private int parallel;

    @Option(names = "--timeout", defaultValue = "PT10S", description = "How long each may take, such as PT2S.")
    private Duration timeout = Duration.ofSeconds(10);

    /** What became of a URL: a status and the size of the page, or what went wrong. */
    private record Fetched(String url, int status, long bytes, Duration time, @Nullable String error) {

        boolean ok() {
            return error == null;
        }

        @Override
        public String toString() {
            String outcome = status == 0 ? "failed" : status + " " + bytes + " bytes";
            return String.format("%-20s %5d ms  %s%s", outcome, time.toMillis(), url, ok() ? "" : ": " + error);
        }
    }

    @Override
    public Integer call() throws Exception {
        Inputs.checkRange("--parallel", parallel, 1, 1000);
        Inputs.checkPositive("--timeout", timeout);
        List<String> wanted = wanted();
        if (!wanted.isEmpty()) {
            return fetchAll(wanted);
        }
        HttpServer server = HttpServers.listen(0);
        server.createContext("/", FetchUrls::servePage);
        server.start();
        try {
            String root = "http://localhost:" + server.getAddress().getPort() + "/";
            return fetchAll(PAGES.stream().map(root::concat).toList());
        } finally {
            server.stop(0);
        }
    }

    private int fetchAll(List<String> wanted) throws InterruptedException {
        long start = System.nanoTime();
        int ok = 0;
        long bytes = 0;
        try (HttpClient client = HttpClient.newBuilder().followRedirects(Redirect.NORMAL).build()) {
            for (Fetched fetched : fanOut(client, wanted)) {
                System.out.println(fetched);
                ok += fetched.ok() ? 1 : 0;
                bytes += fetched.bytes();
            }
        }
        System.out.printf("Fetched %d of %d URLs, %d bytes, in %d ms, at most %d at a time%n", ok, wanted.size(), bytes,
                since(start).toMillis(), parallel);
        return ok == wanted.size() ? 0 : 1;
    }

    /** Starts fetching, and returns the channel on which the outcomes come, in the order in which they are ready. */
    private ReceiveChan<Fetched> fanOut(HttpClient client, List<String> wanted) {
        Chan<Fetched> results = Chan.make();
        Chan<Boolean> tokens = Chan.make(parallel);

        go(() -> {
            var wg = new WaitGroup();
            for (String url : wanted) {
                tokens.send(true); // waits while as many as allowed are under way
                wg.go(() -> {
                    try {
                        results.send(fetch(client, url));
                    } finally {
                        tokens.receive();
                    }
                });
            }
            wg.await();
            results.close();
        });
        return results;
    }

    private Fetched fetch(HttpClient client, String url) throws InterruptedException {
        long start = System.nanoTime();
        Chan<Fetched> answer = Chan.make(1); // with room for an answer that comes too late
        Thread request = go(() -> answer.trySend(get(client, url, start)));

        Fetched fetched = select(answer.onReceive(), after(timeout)).value();
        if (fetched == null) {
            request.interrupt(); // the client gives up the request
            request.join();
            fetched = new Fetched(url, 0, 0, since(start), "no answer within " + timeout.toMillis() + " ms");
        }
        return fetched;
    }

    private static Fetched get(HttpClient client, String url, long start) {
        int status = 0;
        long bytes = 0;
        String error = null;
        try {
            var response = client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofInputStream());
            status = response.statusCode();
            try (InputStream body = response.body()) {
                bytes = body.transferTo(OutputStream.nullOutputStream());
            }
            if (status >= 400) {
                error = status >= 500 ? "the server failed" : "refused by the server";
            }
        } catch (IllegalArgumentException e) {
            error = "not a URL to fetch: " + e.getMessage();
        } catch (ConnectException e) {
            error = hasCause(e, UnresolvedAddressException.class) ? "unknown host" : "could not connect";
        } catch (IOException e) {
            error = "connection lost: " + e.getMessage();
        } catch (InterruptedException e) {
            error = "given up";
        }
        return new Fetched(url, status, bytes, since(start), error);
    }

    private static boolean hasCause(Throwable e, Class<? extends Throwable> type) {
        Throwable cause = e.getCause();
        return type.isInstance(e) || (cause != null && hasCause(cause, type));
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** The URLs that the user has named, on the command line or in a file; none if neither was given. */
    private List<String> wanted() throws IOException, UserException {
        List<String> wanted = urls == null ? new ArrayList<>() : new ArrayList<>(urls);
        if (file != null) {
            try (BufferedReader lines = Inputs.open(file, "")) {
                for (String line; (line = lines.readLine()) != null;) {
                    if (!line.isBlank() && !line.startsWith("#")) {
                        wanted.add(line.strip());
                    }
                }
            }
            if (wanted.isEmpty()) {
                throw new UserException("The file " + file + " has no URLs.");
            }
        }
        return wanted;
    }

    private static void servePage(HttpExchange request) throws IOException {
        String page = request.getRequestURI().getPath().substring(1);
        if (!PAGES.contains(page)) {
            HttpServers.reply(request, 404, "404 page not found\n");
            return;
        }
        try (InputStream text = Inputs.resource("pages/" + page)) {
            HttpServers.reply(request, 200, new String(text.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}

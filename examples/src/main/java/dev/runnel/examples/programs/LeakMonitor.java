package dev.runnel.examples.programs;

import static dev.runnel.Go.after;
import static dev.runnel.Go.go;
import static dev.runnel.Go.goroutines;
import static dev.runnel.Go.select;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import com.sun.net.httpserver.HttpServer;
import dev.runnel.Chan;
import dev.runnel.examples.HttpServers;
import dev.runnel.examples.Inputs;
import dev.runnel.examples.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Leak monitoring: something is asked of several mirrors at once, and the first answer wins. In the first version the
 * goroutines of the others hang for ever, as they send to a channel from which nobody receives any more: with each
 * question there are more of them, until the memory is full. In the second one the channel has room for all answers.
 *
 * <p>Go's idioms: {@code runtime.NumGoroutine()} shows that something leaks, the stacks of the goroutines show where; a
 * buffered channel for answers that perhaps nobody waits for. In a program that does not keep the threads of its
 * goroutines, {@code jcmd PID Thread.dump_to_file FILE} shows their stacks.
 */
@Command(mixinStandardHelpOptions = true, showDefaultValues = true)
public final class LeakMonitor implements Callable<Integer> {

    private static final List<String> MIRRORS = List.of("amsterdam", "oslo", "paris");

    @Parameters(paramLabel = "URL", description = "The mirrors, two or more (default: three on a server of its own).")
    private @Nullable List<URI> urls;

    @Option(names = "--questions", defaultValue = "5", description = "How often they are asked.")
    private int questions;

    /** All goroutines that were started. */
    private final List<Thread> started = new ArrayList<>();

    private volatile boolean anyAnswered;

    @Override
    public Integer call() throws Exception {
        Inputs.checkRange("--questions", questions, 1, 1000);
        if (urls != null && urls.size() == 1) {
            throw new UserException("One mirror is not enough: name two or more.");
        }
        HttpServer server = HttpServers.listen(0);
        server.setExecutor(Thread::startVirtualThread); // without go, so that goroutines() counts only those that ask
        server.createContext("/", request -> {
            try (InputStream text = Inputs.resource("texts/opening-hours.txt")) {
                HttpServers.reply(request, 200, new String(text.readAllBytes(), StandardCharsets.UTF_8));
            }
        });
        server.start();
        try (HttpClient client = HttpClient.newHttpClient()) {
            List<HttpRequest> mirrors = mirrors("http://localhost:" + server.getAddress().getPort() + "/");
            int before = goroutines();

            System.out.println("The channel has no room; goroutines: " + before);
            askAgainAndAgain(client, mirrors, 0);
            whereTheyHang().forEach((place, count) -> System.out.printf("  %d hang at %s%n", count, place));
            int leaked = goroutines() - before;
            System.out.println("  goroutines left behind: " + leaked);

            System.out.println("The channel has room for all answers; goroutines: " + goroutines());
            askAgainAndAgain(client, mirrors, mirrors.size());
            whereTheyHang();
            System.out.println("  goroutines left behind: " + (goroutines() - before - leaked));
        } finally {
            server.stop(0);
        }
        return anyAnswered ? 0 : 1;
    }

    private void askAgainAndAgain(HttpClient client, List<HttpRequest> mirrors, int room) throws InterruptedException {
        for (int i = 1; i <= questions; i++) {
            String answer = firstAnswer(client, mirrors, room);
            System.out.printf("  question %d: %s; goroutines: %d%n", i, answer, goroutines());
        }
    }

    /**
     * Asks all and returns the answer of whoever is first. It leaks goroutines unless there is room for all answers.
     */
    private String firstAnswer(HttpClient client, List<HttpRequest> mirrors, int room) throws InterruptedException {
        Chan<String> answers = Chan.make(room);
        for (HttpRequest mirror : mirrors) {
            started.add(go(() -> answers.send(ask(client, mirror))));
        }
        return String.valueOf(answers.receive());
    }

    private String ask(HttpClient client, HttpRequest mirror) throws InterruptedException {
        try {
            var response = client.send(mirror, BodyHandlers.ofString());
            anyAnswered = true;
            return mirror.uri() + " answered " + response.statusCode();
        } catch (ConnectException e) {
            return mirror.uri() + " could not be reached";
        } catch (IOException e) {
            return mirror.uri() + " did not answer: " + e.getMessage();
        }
    }

    /**
     * Looks again and again until no goroutine does anything but wait for a channel, and returns where those wait that
     * there are: nobody else is left who could release them.
     */
    private Map<String, Integer> whereTheyHang() throws InterruptedException {
        for (;;) {
            Map<String, Integer> places = new TreeMap<>();
            boolean busy = false;
            for (Thread goroutine : started) {
                Optional<String> place = waitingAt(goroutine);
                place.ifPresent(at -> places.merge(at, 1, Integer::sum));
                busy |= place.isEmpty() && goroutine.isAlive();
            }
            if (!busy) {
                return places;
            }
            select(after(ofMillis(10)));
        }
    }

    /** The operation of a channel in which a goroutine waits, and the line of this program that has called it. */
    private static Optional<String> waitingAt(Thread goroutine) {
        List<StackTraceElement> stack = List.of(goroutine.getStackTrace());
        if (goroutine.getState() != Thread.State.WAITING) { // then it may have left the place already
            return Optional.empty();
        }
        for (int i = 1; i < stack.size(); i++) {
            StackTraceElement frame = stack.get(i);
            StackTraceElement called = stack.get(i - 1);
            if (frame.getClassName().startsWith(LeakMonitor.class.getName())
                    && called.getClassName().matches("dev\\.runnel\\.\\w+")) {
                return Optional.of(called.getMethodName() + " in " + frame);
            }
        }
        return Optional.empty();
    }

    private List<HttpRequest> mirrors(String root) throws UserException {
        List<HttpRequest> mirrors = new ArrayList<>();
        for (URI url : urls != null ? urls : MIRRORS.stream().map(root::concat).map(URI::create).toList()) {
            try {
                mirrors.add(HttpRequest.newBuilder(url).timeout(ofSeconds(5)).build());
            } catch (IllegalArgumentException e) {
                throw new UserException("The mirror " + url + " cannot be asked: " + e.getMessage() + ".");
            }
        }
        return mirrors;
    }
}

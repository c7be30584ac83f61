package dev.runnel.examples.programs;

import static dev.runnel.Go.go;
import static dev.runnel.Go.goroutines;
import static dev.runnel.Go.select;

import dev.runnel.Case;
import dev.runnel.Chan;
import dev.runnel.ReceiveChan;
import dev.runnel.SendChan;
import dev.runnel.Task;
import dev.runnel.WaitGroup;
import dev.runnel.examples.Inputs;
import dev.runnel.examples.UserException;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * A data pipeline: a log file is read, parsed by several workers, and summed up in a report, all at the same time.
 *
 * <p>Go's idioms: each stage is a method that starts its goroutines and returns the channel of what they make, which
 * they close when there is no more; several workers that share one channel in and one channel out; and for failures a
 * {@code done} channel, whose closing makes all stages end, so that nobody is left behind who sends what nobody reads.
 */
@Command(mixinStandardHelpOptions = true, showDefaultValues = true)
public final class LogPipeline implements Callable<Integer> {

    private static final Pattern LOG_LINE = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\S+ [A-Z]+ .+");
    private static final Pattern REQUEST = Pattern.compile("\\S+ [A-Z]+ [A-Z]+ /\\S* \\d{3} \\d{1,9}ms( .*)?");

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The log file (default: one of ours).")
    private @Nullable Path file;

    @Option(names = "--workers", defaultValue = "4", description = "How many parse.")
    private int workers;

    @Option(names = "--slowest", defaultValue = "5", description = "How many of the slowest requests to show.")
    private int slowest;

    @Option(names = "--strict", description = "Give up at the first line that is not a log line.")
    private boolean strict;

    private record Line(int number, String text) {}

    /** What the workers make of a line. */
    private sealed interface Parsed {}

    /** A line of the log; its minute is a time such as 2026-11-20T06:00. */
    private record Entry(String minute, String level, @Nullable Request request) implements Parsed {}

    private record Malformed(Line line) implements Parsed {}

    private record Request(int line, String name, String path, int status, int millis) {}

    private final List<Thread> started = new ArrayList<>();
    private final Chan<Boolean> done = Chan.make(); // is only closed: when a stage has failed
    private final Chan<Exception> failure = Chan.make(1);

    @Override
    public Integer call() throws Exception {
        Inputs.checkRange("--workers", workers, 1, 1000);
        Inputs.checkRange("--slowest", slowest, 0, 1000);

        Report report;
        try (BufferedReader log = Inputs.open(file, "app.log")) {
            ReceiveChan<Line> lines = read(log);
            ReceiveChan<Parsed> parsed = parse(lines);
            report = sumUp(parsed);

            for (Thread goroutine : started) {
                goroutine.join();
            }
        }
        System.out.println("Goroutines left: " + (goroutines() - 1)); // but this one
        Exception failed = failure.tryReceive();
        if (failed != null) {
            throw new UserException("The pipeline failed: " + failed.getMessage());
        }
        report.print(slowest);
        return 0;
    }

    private ReceiveChan<Line> read(BufferedReader log) {
        Chan<Line> lines = Chan.make(100);
        stage(1, lines, () -> {
            int number = 0;
            for (String text; (text = log.readLine()) != null;) {
                if (!pass(new Line(++number, text), lines)) {
                    return;
                }
            }
        });
        return lines;
    }

    private ReceiveChan<Parsed> parse(ReceiveChan<Line> lines) {
        Chan<Parsed> parsed = Chan.make(100);
        stage(workers, parsed, () -> {
            for (Line line : lines) {
                Parsed result = parse(line);
                if (strict && result instanceof Malformed) {
                    throw new UserException("line " + line.number() + " is not a log line: " + line.text());
                }
                if (!pass(result, parsed)) {
                    return;
                }
            }
        });
        return parsed;
    }

    private static Parsed parse(Line line) {
        if (!LOG_LINE.matcher(line.text()).matches()) {
            return new Malformed(line);
        }
        String[] words = line.text().split(" "); // time, level; method, path, status, duration if it is a request
        Request request = null;
        if (REQUEST.matcher(line.text()).matches()) {
            request = new Request(line.number(), words[2] + " " + words[3], words[3], Integer.parseInt(words[4]),
                    Integer.parseInt(words[5].replace("ms", "")));
        }
        return new Entry(words[0].substring(0, "2026-11-20T06:00".length()), words[1], request);
    }

    private static Report sumUp(ReceiveChan<Parsed> parsed) {
        Report report = new Report();
        for (Parsed line : parsed) {
            switch (line) {
                case Entry entry -> report.add(entry);
                case Malformed malformed -> report.malformed.add(malformed.line());
            }
        }
        return report;
    }

    /** Starts the goroutines of a stage. When all of them have ended, what they send to is closed. */
    private void stage(int goroutines, SendChan<?> out, Task work) {
        var running = new WaitGroup();
        for (int i = 0; i < goroutines; i++) {
            started.add(running.go(() -> {
                try {
                    work.run();
                } catch (Exception e) {
                    if (failure.trySend(e)) { // the first failure counts: there is room for one
                        done.close();
                    }
                }
            }));
        }
        started.add(go(() -> {
            running.await();
            out.close();
        }));
    }

    /** Sends a value to the next stage, and returns whether to go on: not if one of the stages has failed. */
    private <T extends Object> boolean pass(T value, SendChan<T> next) throws InterruptedException {
        Case<Boolean> sent = next.onSend(value);
        return select(sent, done.onReceive()) == sent;
    }

    /** What the log says. The workers may be done with the lines in any order: the report does not show it. */
    private static final class Report {
        private final List<Line> malformed = new ArrayList<>();
        private final List<Request> requests = new ArrayList<>();
        private final Map<String, Integer> levels = new TreeMap<>();
        private final Map<String, Integer> requestsByMinute = new TreeMap<>();
        private final Map<String, Integer> requestsByPath = new TreeMap<>();
        private final Map<String, Integer> errorsByPath = new TreeMap<>();
        private int entries;

        void add(Entry entry) {
            entries++;
            levels.merge(entry.level(), 1, Integer::sum);
            Request request = entry.request();
            if (request != null) {
                requests.add(request);
                requestsByMinute.merge(entry.minute(), 1, Integer::sum);
                requestsByPath.merge(request.path(), 1, Integer::sum);
                errorsByPath.merge(request.path(), request.status() >= 500 ? 1 : 0, Integer::sum);
            }
        }

        void print(int slowest) {
            System.out.printf("%d lines, %d of them are not log lines%n", entries + malformed.size(), malformed.size());
            malformed.sort(Comparator.comparing(Line::number));
            malformed.stream()
                    .limit(3)
                    .forEach(line -> System.out.printf("  line %d: %.80s%n", line.number(), line.text()));
            System.out.println("Levels: " + levels);
            System.out.println("Slowest requests");
            requests.sort(Comparator.comparing(Request::millis).reversed().thenComparing(Request::line));
            requests.stream()
                    .limit(slowest)
                    .forEach(slow -> System.out.printf("  %5d ms  %d  %s  (line %d)%n",
                            slow.millis(), slow.status(), slow.name(), slow.line()));
            System.out.println("Requests with a status of 500 and above, by path");
            errorsByPath
                    .forEach((path, errors) -> System.out.printf(Locale.ROOT, "  %-20s %4d of %4d  %5.1f %%%n", path,
                            errors, requestsByPath.get(path), 100.0 * errors / requestsByPath.getOrDefault(path, 1)));
            System.out.println("Requests per minute");
            requestsByMinute.forEach((minute, count) -> System.out.printf("  %s %4d%n", minute, count));
        }
    }
}

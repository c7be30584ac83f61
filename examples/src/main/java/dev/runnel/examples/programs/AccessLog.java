package dev.runnel.examples.programs;

import dev.runnel.CancelContext;
import dev.runnel.Chan;
import dev.runnel.ChanClosedException;
import dev.runnel.Context;
import dev.runnel.ContextException;
import dev.runnel.Go;
import dev.runnel.Group;
import dev.runnel.SendChan;
import dev.runnel.examples.Inputs;
import dev.runnel.examples.UserException;
import dev.runnel.patterns.Broadcast;
import dev.runnel.patterns.Broadcast.Subscription;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * An access log is read once, and several readers are each given all of it: one counts the answers by their status, one
 * looks for the largest, and one is a screen that shows each line for a while, which is much too slow.
 *
 * <p>{@link Broadcast} lets no reader hold up the others. The screen has room for a few lines only and misses the rest,
 * which is what a screen is to do; those that count have to be given more room, and say so if it was not enough. Ctrl-C
 * cancels the context of the one who reads the file and nobody else's: what was read until then is still counted.
 */
@Command(mixinStandardHelpOptions = true, showDefaultValues = true)
public final class AccessLog implements Callable<Integer> {

    /** The format that web servers call common or combined: who, when, the request, its status, its bytes. */
    private static final Pattern LOG_LINE = Pattern.compile(
            "\\S+ \\S+ .*?\\[[^]]*] \"(?<request>[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\" (?<status>\\d{3})"
                    + " (?<bytes>\\d{1,18}|-)( .*)?");

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The access log (default: one of ours).")
    private @Nullable Path file;

    @Option(names = "--follow", description = "Go on with what is written to the file, until Ctrl-C.")
    private boolean follow;

    @Option(names = "--largest", defaultValue = "3", description = "How many of the largest answers to show.")
    private int largest;

    @Option(names = "--pause", defaultValue = "PT0.05S", description = "How long the screen shows a line.")
    private Duration pause = Duration.ZERO;

    @Option(names = "--screen", defaultValue = "5", description = "How many lines wait for the screen.")
    private int screenRoom;

    @Option(names = "--room", defaultValue = "100000", description = "How many lines wait for those that count.")
    private int room;

    /** A line of the log; without a request if it is no log line. */
    private record Line(int number, String text, @Nullable String request, int status, long bytes) {

        static Line parse(int number, String text) {
            Matcher matcher = LOG_LINE.matcher(text);
            if (!matcher.matches()) {
                return new Line(number, text, null, 0, 0);
            }
            String bytes = group(matcher, "bytes");
            return new Line(number, text, group(matcher, "request"), Integer.parseInt(group(matcher, "status")),
                    bytes.equals("-") ? 0 : Long.parseLong(bytes));
        }

        private static String group(Matcher matcher, String name) {
            return matcher.group().substring(matcher.start(name), matcher.end(name));
        }
    }

    @Override
    public Integer call() throws Exception {
        Inputs.checkRange("--largest", largest, 0, 1000);
        Inputs.checkRange("--screen", screenRoom, 1, 1_000_000);
        Inputs.checkRange("--room", room, 1, 10_000_000);
        Inputs.checkPositive("--pause", pause);
        if (follow && file == null) {
            throw new UserException("--follow needs a FILE.");
        }
        try (BufferedReader log = Inputs.open(file, "access.log");
                Signals signals = Signals.listen();
                CancelContext ctx = signals.context();
                Group group = Group.open(Context.background())) {
            Chan<Line> lines = Chan.make();
            Broadcast<Line> broadcast = Broadcast.of(group.context(), lines);
            Subscription<Line> forStatuses = broadcast.subscribe(room);
            Subscription<Line> forLargest = broadcast.subscribe(room);
            Subscription<Line> forScreen = broadcast.subscribe(screenRoom); // all before the first line is sent
            var statuses = group.call(() -> countStatuses(forStatuses));
            var top = group.call(() -> findLargest(forLargest));
            var shown = group.call(() -> show(forScreen, ctx));
            group.go(() -> read(log, lines, ctx));
            group.await();

            statuses.get().forEach((status, count) -> System.out.printf("%s: %d%n", status, count));
            System.out.println("Largest answers");
            top.get()
                    .forEach(line -> System.out.printf("  %d bytes  %s  (line %d)%n", line.bytes(), line.request(),
                            line.number()));
            System.out.printf("The screen has shown %d lines and missed %d%n", shown.get(), forScreen.missed());
            long missed = Math.max(forStatuses.missed(), forLargest.missed());
            if (missed > 0) {
                System.err.println("Of those that count one has missed " + missed + " lines: give them more --room.");
                return 1;
            }
            return 0;
        } catch (ChanClosedException e) {
            throw new UserException("The log could not be read to its end: " + e.getCause());
        }
    }

    /** Reads the log, and closes the channel when it ends or nobody wants more. */
    private void read(BufferedReader log, SendChan<Line> lines, Context ctx) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        int number = 0;
        try {
            for (;;) {
                int c = log.read();
                if (c == '\n' || c == -1 && !follow && !text.isEmpty()) {
                    lines.send(Line.parse(++number, text.toString()), ctx);
                    text.setLength(0);
                } else if (c != -1) {
                    text.append((char) c);
                } else if (follow) {
                    Go.sleep(Duration.ofMillis(50), ctx); // until there is more, be it the rest of a line
                } else {
                    break;
                }
            }
        } catch (ContextException e) {
            System.out.println("Interrupted after line " + number);
        } catch (IOException e) {
            lines.close(e);
            return;
        }
        lines.close();
    }

    private static Map<String, Integer> countStatuses(Subscription<Line> subscription) {
        Map<String, Integer> counts = new TreeMap<>();
        for (Line line : subscription.channel()) {
            counts.merge(line.request() == null ? "Not a log line" : "Status " + line.status(), 1, Integer::sum);
        }
        return counts;
    }

    private List<Line> findLargest(Subscription<Line> subscription) {
        Comparator<Line> order =
                Comparator.comparing(Line::bytes).thenComparing(Line::number, Comparator.reverseOrder());
        PriorityQueue<Line> found = new PriorityQueue<>(order); // the smallest of them at the head, for a larger one
        for (Line line : subscription.channel()) {
            if (line.request() != null) {
                found.add(line);
            }
            if (found.size() > largest) {
                found.remove();
            }
        }
        return found.stream().sorted(order.reversed()).toList();
    }

    /** Shows each line for some time, and returns how many; what is left at Ctrl-C goes by at once. */
    private int show(Subscription<Line> subscription, Context ctx) throws InterruptedException {
        int shown = 0;
        for (Line line : subscription.channel()) {
            System.out.println("> " + line.text());
            shown++;
            try {
                Go.sleep(pause, ctx);
            } catch (ContextException e) {
                continue;
            }
        }
        return shown;
    }
}

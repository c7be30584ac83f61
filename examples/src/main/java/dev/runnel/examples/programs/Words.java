package dev.runnel.examples.programs;

import static dev.runnel.Go.go;

import dev.runnel.Chan;
import dev.runnel.ChanClosedException;
import dev.runnel.Context;
import dev.runnel.ReceiveChan;
import dev.runnel.examples.Inputs;
import dev.runnel.examples.UserException;
import dev.runnel.patterns.Batch;
import dev.runnel.patterns.Merge;
import dev.runnel.patterns.Stage;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Words of files are counted: each file is read by a goroutine of its own, their lines are merged, split by several
 * workers and counted in batches. It is made of Runnel's patterns, which know how to end: a file that cannot be read
 * closes its channel with the cause, that comes out at the end of the pipeline, and leaving the {@code try} ends all
 * the others.
 */
@Command(mixinStandardHelpOptions = true, showDefaultValues = true)
public final class Words implements Callable<Integer> {

    @Parameters(arity = "0..*", paramLabel = "FILE", description = "The files (default: texts of ours).")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--workers", defaultValue = "4", description = "How many split lines into words.")
    private int workers;

    @Option(names = "--top", defaultValue = "5", description = "How many words to show.")
    private int top;

    @Override
    public Integer call() throws Exception {
        Inputs.checkRange("--workers", workers, 1, 1000);
        Inputs.checkRange("--top", top, 0, 1_000_000);

        Map<String, Integer> counts = new TreeMap<>();
        int lines = 0;
        try (var ctx = Context.background().withCancel()) {
            List<ReceiveChan<String>> inputs = new ArrayList<>();
            if (files.isEmpty()) {
                Stream.of("returns.txt", "runbook.txt", "shipping.txt")
                        .forEach(name -> inputs.add(read(null, name, ctx)));
            }
            files.forEach(file -> inputs.add(read(file, "", ctx)));
            ReceiveChan<String> merged = Merge.merge(ctx, inputs);
            ReceiveChan<List<String>> words = Stage.map(ctx, merged, workers, Words::split);
            for (List<List<String>> batch : Batch.batch(ctx, words, 100, Duration.ofSeconds(1))) {
                lines += batch.size();
                batch.forEach(line -> line.forEach(word -> counts.merge(word, 1, Integer::sum)));
            }
        } catch (ChanClosedException e) {
            Throwable cause = e.getCause();
            throw new UserException("Not counted: " + (cause == null ? e : cause).getMessage());
        }
        System.out.printf("%d lines, %d words, %d different%n", lines,
                counts.values().stream().mapToInt(n -> n).sum(), counts.size());
        counts.entrySet()
                .stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder())) // stable: equal ones by the alphabet
                .limit(top)
                .forEach(word -> System.out.printf("%6d %s%n", word.getValue(), word.getKey()));
        return 0;
    }

    /** Reads a file line by line; if that fails, the channel is closed with what has failed. */
    private static ReceiveChan<String> read(@Nullable Path file, String name, Context ctx) {
        Chan<String> lines = Chan.make();
        go(() -> {
            try (BufferedReader reader = Inputs.open(file, "texts/" + name)) {
                for (String line; (line = reader.readLine()) != null;) {
                    lines.send(line, ctx);
                }
            } catch (Exception e) {
                lines.close(e);
                return;
            }
            lines.close();
        });
        return lines;
    }

    private static List<String> split(String line) {
        return Arrays.stream(line.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{Nd}]+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}

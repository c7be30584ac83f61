package dev.runnel.examples.programs;

import static dev.runnel.Go.after;
import static dev.runnel.Go.go;
import static dev.runnel.Go.goroutines;
import static dev.runnel.Go.select;

import dev.runnel.Case;
import dev.runnel.Chan;
import dev.runnel.ReceiveChan;
import dev.runnel.SendChan;
import dev.runnel.WaitGroup;
import dev.runnel.examples.Inputs;
import dev.runnel.examples.UserException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Cancellation: several workers search files for a text. As soon as enough was found, the time is over or somebody
 * presses Ctrl-C, all of them stop where they are.
 *
 * <p>Go's idiom is the older one, from before there was a context: a {@code done} channel that nothing is ever sent to.
 * Closing it tells everybody at once, however many they are: each send is a {@code select} that has done beside it, and
 * work that does not communicate asks from time to time whether done was closed.
 */
@Command(mixinStandardHelpOptions = true, showDefaultValues = true)
public final class Cancel implements Callable<Integer> {

    private static final List<String> SHIPPED = List.of("incidents.txt", "mails.txt", "newcomers.txt",
            "opening-hours.txt", "payment.txt", "repairs.txt", "returns.txt", "runbook.txt", "shipping.txt",
            "stock-count.txt", "suppliers.txt", "words.txt");

    @Parameters(index = "0", arity = "0..1", defaultValue = "payment", paramLabel = "TEXT",
            description = "What to find.")
    private String text = "payment";

    @Parameters(index = "1", arity = "0..1", paramLabel = "DIRECTORY", description = "Where (default: texts of ours).")
    private @Nullable Path directory;

    @Option(names = "--matches", defaultValue = "5", description = "How many are enough.")
    private int enough;

    @Option(names = "--timeout", defaultValue = "PT10S", description = "How long to search, such as PT2S.")
    private Duration timeout = Duration.ofSeconds(10);

    @Option(names = "--workers", defaultValue = "4", description = "How many search.")
    private int workers;

    /** A text to be searched. */
    private record Document(String name, Opener opener) {}

    @FunctionalInterface
    private interface Opener {
        BufferedReader open() throws IOException, UserException;
    }

    private record Match(String document, int line, String text) {}

    private final Chan<Boolean> done = Chan.make(); // is only closed
    private final AtomicInteger documentsFound = new AtomicInteger();
    private final AtomicInteger documentsSearched = new AtomicInteger();

    @Override
    public Integer call() throws Exception {
        Inputs.checkRange("--matches", enough, 1, 1_000_000);
        Inputs.checkRange("--workers", workers, 1, 1000);
        Inputs.checkPositive("--timeout", timeout);
        if (directory != null) {
            Inputs.checkDirectory(directory);
        }
        try (Signals signals = Signals.listen()) {
            Chan<Match> matches = Chan.make();
            List<Thread> started = start(matches);
            System.out.println("Searching for \"" + text + "\"");
            int count = printMatches(matches, signals.arrived());

            for (Thread goroutine : started) {
                goroutine.join();
            }
            int searched = documentsSearched.get();
            System.out.printf("%d matches; %d files were searched, %d were not looked at any more, or not to the end%n",
                    count, searched, documentsFound.get() - searched);
            System.out.println("Goroutines left: " + (goroutines() - 1)); // but this one
            return count > 0 ? 0 : 1;
        }
    }

    /** Prints matches until there is a reason to stop, and then stops the search. */
    private int printMatches(ReceiveChan<Match> matches, ReceiveChan<Boolean> interrupt) throws InterruptedException {
        Case<Match> found = matches.onReceive();
        Case<Boolean> interrupted = interrupt.onReceive();
        Case<Object> timeIsOver = after(timeout); // counted from here, not anew in each turn of the loop
        int count = 0;
        String reason = "";
        while (reason.isEmpty()) {
            Case<?> happened = select(found, timeIsOver, interrupted);
            if (happened == timeIsOver) {
                reason = "the time is over";
            } else if (happened == interrupted) {
                reason = "interrupted";
            } else {
                Match match = found.value();
                if (match == null) {
                    reason = "everything was searched";
                } else {
                    System.out.printf("%s:%d: %.100s%n", match.document(), match.line(), match.text());
                    reason = ++count == enough ? "enough was found" : "";
                }
            }
        }
        done.close();
        System.out.println("Stopped: " + reason);
        return count;
    }

    /** Starts to search, and returns the goroutines that do it. They close the channel when everything was searched. */
    private List<Thread> start(Chan<Match> matches) {
        Chan<Document> documents = Chan.make();
        List<Thread> started = new ArrayList<>();
        var searching = new WaitGroup();
        for (int i = 0; i < workers; i++) {
            started.add(searching.go(() -> search(documents, matches)));
        }
        started.add(go(() -> {
            try {
                list(documents);
            } finally {
                documents.close();
            }
        }));
        started.add(go(() -> {
            searching.await();
            matches.close();
        }));
        return started;
    }

    private void search(ReceiveChan<Document> documents, SendChan<Match> matches) throws InterruptedException {
        for (Document document : documents) {
            try (BufferedReader lines = document.opener().open()) {
                int number = 0;
                for (String line; (line = lines.readLine()) != null;) {
                    number++;
                    boolean goOn = line.contains(text)
                            ? pass(new Match(document.name(), number, line), matches)
                            : !done.isDrained();
                    if (!goOn) {
                        return;
                    }
                }
            } catch (IOException | UserException e) {
                System.err.println(document.name() + " could not be read: " + e.getMessage());
            }
            documentsSearched.incrementAndGet();
        }
    }

    /** Finds all documents, and then hands them out to the workers. */
    private void list(SendChan<Document> documents) throws IOException, InterruptedException {
        List<Document> all = new ArrayList<>();
        if (directory == null) {
            for (String name : SHIPPED) {
                all.add(new Document(name, () -> Inputs.open(null, "texts/" + name)));
            }
        } else {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile()) {
                        all.add(new Document(file.toString(), () -> Inputs.open(file, "")));
                    }
                    return done.isDrained() ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    System.err.println(file + " could not be read: " + e.getMessage());
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        documentsFound.set(all.size());
        for (Document document : all) {
            if (!pass(document, documents)) {
                return;
            }
        }
    }

    /** Sends a value, and returns whether to go on: not if all is done. */
    private <T extends Object> boolean pass(T value, SendChan<T> channel) throws InterruptedException {
        Case<Boolean> sent = channel.onSend(value);
        return select(sent, done.onReceive()) == sent;
    }
}

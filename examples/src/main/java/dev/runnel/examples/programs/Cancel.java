package dev.runnel.examples.programs;

import static dev.runnel.Go.go;
import static dev.runnel.Go.goroutines;
import static dev.runnel.Go.select;

import dev.runnel.CancelContext;
import dev.runnel.Case;
import dev.runnel.Chan;
import dev.runnel.Context;
import dev.runnel.ContextException;
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
 * <p>What they all have is the context of the search, which has a deadline and can be cancelled before. Whoever sends
 * hands it to the send, which throws once the context is done; work that does not communicate asks it from time to
 * time. Why it was cancelled is its cause.
 */
@Command(mixinStandardHelpOptions = true, showDefaultValues = true)
public final class Cancel implements Callable<Integer> {

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

    /** Why the search has stopped. */
    private static final class Stopped extends Exception {

        private static final long serialVersionUID = 1L;

        Stopped(String reason) {
            super(reason);
        }
    }

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
        try (Signals signals = Signals.listen();
                CancelContext search =
                        Context.background().withTimeout(timeout, new Stopped("the time is over"))) {
            Chan<Match> matches = Chan.make();
            List<Thread> started = start(matches, search);
            System.out.println("Searching for \"" + text + "\"");
            int count = printMatches(matches, signals.arrived(), search);

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
    private int printMatches(ReceiveChan<Match> matches, ReceiveChan<Boolean> interrupt, CancelContext search)
            throws InterruptedException {
        Case<Match> found = matches.onReceive();
        Case<Boolean> interrupted = interrupt.onReceive();
        Case<Void> over = search.done().onReceive();
        int count = 0;
        while (search.err() == null) {
            Case<?> happened = select(found, over, interrupted);
            if (happened == interrupted) {
                search.cancel(new Stopped("interrupted"));
            } else if (happened == found) {
                Match match = found.value();
                if (match == null) {
                    search.cancel(new Stopped("everything was searched"));
                } else {
                    System.out.printf("%s:%d: %.100s%n", match.document(), match.line(), match.text());
                    if (++count == enough) {
                        search.cancel(new Stopped("enough was found"));
                    }
                }
            }
        }
        Throwable reason = search.cause();
        System.out.println("Stopped: " + (reason == null ? "" : reason.getMessage()));
        return count;
    }

    /** Starts to search, and returns the goroutines that do it. They close the channel when everything was searched. */
    private List<Thread> start(Chan<Match> matches, Context search) {
        Chan<Document> documents = Chan.make();
        List<Thread> started = new ArrayList<>();
        var searching = new WaitGroup();
        for (int i = 0; i < workers; i++) {
            started.add(searching.go(() -> search(documents, matches, search)));
        }
        started.add(go(() -> {
            try {
                list(documents, search);
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

    private void search(ReceiveChan<Document> documents, SendChan<Match> matches, Context search)
            throws InterruptedException {
        for (Document document : documents) {
            try (BufferedReader lines = document.opener().open()) {
                int number = 0;
                for (String line; (line = lines.readLine()) != null;) {
                    number++;
                    search.check();
                    if (line.contains(text)) {
                        matches.send(new Match(document.name(), number, line), search);
                    }
                }
            } catch (ContextException e) {
                return; // that is how it ends
            } catch (IOException | UserException e) {
                System.err.println(document.name() + " could not be read: " + e.getMessage());
            }
            documentsSearched.incrementAndGet();
        }
    }

    /** Finds all documents, and then hands them out to the workers. */
    private void list(SendChan<Document> documents, Context search) throws IOException, InterruptedException {
        List<Document> all = new ArrayList<>();
        if (directory == null) {
            for (String name : Inputs.TEXTS) {
                all.add(new Document(name, () -> Inputs.open(null, "texts/" + name)));
            }
        } else {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile()) {
                        all.add(new Document(file.toString(), () -> Inputs.open(file, "")));
                    }
                    return search.err() == null ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    System.err.println(file + " could not be read: " + e.getMessage());
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        documentsFound.set(all.size());
        try {
            for (Document document : all) {
                documents.send(document, search);
            }
        } catch (ContextException e) {
            // nobody wants the others
        }
    }
}

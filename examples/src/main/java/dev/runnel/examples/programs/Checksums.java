package dev.runnel.examples.programs;

import static dev.runnel.Go.go;

import dev.runnel.CancelContext;
import dev.runnel.Chan;
import dev.runnel.ChanClosedException;
import dev.runnel.Context;
import dev.runnel.ContextException;
import dev.runnel.ReceiveChan;
import dev.runnel.examples.Inputs;
import dev.runnel.patterns.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Checksums of all files below a directory, in lines that {@code sha256sum -c} takes. Several workers read at the same
 * time, and yet the lines come in the order of the files' names, however large one of them is.
 *
 * <p>That is what {@link Stage#mapOrdered} does, and it holds back those who are too far ahead: so that no more than
 * two results for each worker ever wait for a large file. Ctrl-C cancels the context, at which all workers stop, in the
 * middle of a file too.
 */
@Command(mixinStandardHelpOptions = true, showDefaultValues = true)
public final class Checksums implements Callable<Integer> {

    @Parameters(arity = "0..1", paramLabel = "DIRECTORY", description = "Where the files are (default: texts of ours).")
    private @Nullable Path directory;

    @Option(names = "--workers", defaultValue = "4", description = "How many read files at the same time.")
    private int workers;

    /** A file to be read. */
    private record Source(String name, Opener opener) {}

    @FunctionalInterface
    private interface Opener {
        InputStream open() throws IOException;
    }

    /** The checksum of a file in hexadecimal digits, or why there is none. */
    private record Sum(String name, String sha256, @Nullable String error) {

        /** As {@code sha256sum} has it: a backslash at the beginning says that there are escapes in the name. */
        @Override
        public String toString() {
            String escaped = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
            return (escaped.equals(name) ? "" : "\\") + sha256 + "  " + escaped;
        }
    }

    @Override
    public Integer call() throws Exception {
        Inputs.checkRange("--workers", workers, 1, 1000);
        if (directory != null) {
            Inputs.checkDirectory(directory);
        }
        try (Signals signals = Signals.listen(); CancelContext ctx = signals.context()) {
            ReceiveChan<Source> sources = list(ctx);
            return print(Stage.mapOrdered(ctx, sources, workers, source -> sum(source, ctx)));
        }
    }

    /** Prints the checksums as they come, and returns 0 if each file has one. */
    private static int print(ReceiveChan<Sum> sums) {
        int code = 0;
        try {
            for (Sum sum : sums) {
                if (sum.error() == null) {
                    System.out.println(sum);
                } else {
                    System.err.println(sum.name() + " could not be read: " + sum.error());
                    code = 1;
                }
            }
        } catch (ChanClosedException e) {
            System.err.println(e.getCause() instanceof ContextException
                    ? "Interrupted: not all files have been read."
                    : "Not all files have been found: " + e.getCause());
            code = 1;
        }
        return code;
    }

    /** Starts to find all files, and to send them in the order of their names. */
    private ReceiveChan<Source> list(Context ctx) {
        Chan<Source> sources = Chan.make();
        go(() -> {
            try {
                for (Source source : directory == null ? shipped() : below(directory, ctx)) {
                    sources.send(source, ctx);
                }
            } catch (Exception e) {
                sources.close(e);
                return;
            }
            sources.close();
        });
        return sources;
    }

    private static List<Source> shipped() {
        return Inputs.TEXTS.stream().map(name -> new Source(name, () -> Inputs.resource("texts/" + name))).toList();
    }

    private static List<Source> below(Path directory, Context ctx) throws IOException {
        List<Source> all = new ArrayList<>();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                ctx.check();
                if (attributes.isRegularFile()) {
                    all.add(new Source(file.toString(), () -> Files.newInputStream(file)));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                all.add(new Source(file.toString(), () -> {
                    throw e;
                }));
                return FileVisitResult.CONTINUE;
            }
        });
        all.sort(Comparator.comparing(Source::name));
        return all;
    }

    private static Sum sum(Source source, Context ctx) throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = source.opener().open()) {
            for (int n; (n = in.read(buffer)) >= 0;) {
                ctx.check();
                digest.update(buffer, 0, n);
            }
        } catch (IOException e) {
            return new Sum(source.name(), "", switch (e) {
                case AccessDeniedException denied -> "access is denied";
                case NoSuchFileException gone -> "it is gone";
                default -> String.valueOf(e.getMessage());
            });
        }
        return new Sum(source.name(), HexFormat.of().formatHex(digest.digest()), null);
    }
}

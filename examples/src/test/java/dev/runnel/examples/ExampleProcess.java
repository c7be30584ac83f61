package dev.runnel.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An example that runs as a user runs it, in a process of its own. */
public final class ExampleProcess implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 300;
    private static final String END = new String("end of output");

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> seen = new ArrayList<>();

    private ExampleProcess(Process process) {
        this.process = process;
        Thread.ofVirtual().start(() -> {
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line; (line = out.readLine()) != null;) {
                    lines.add(line);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                lines.add(END);
            }
        });
    }

    /**
     * How a program has ended, and what it has written to standard output and standard error, in that order in time.
     */
    public record Ended(int code, List<String> lines) {

        /** The first line that contains a text. */
        public String line(String text) {
            return lines.stream()
                    .filter(line -> line.contains(text))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no line contains \"" + text + "\": " + lines));
        }

        /** The lines that contain a text. */
        public List<String> linesWith(String text) {
            return lines.stream().filter(line -> line.contains(text)).toList();
        }
    }

    /** Runs an example to its end. */
    public static Ended run(String... args) throws IOException, InterruptedException {
        try (ExampleProcess example = start(args)) {
            return example.awaitEnd();
        }
    }

    /** Starts an example. */
    public static ExampleProcess start(String... args) throws IOException {
        return startMain(Main.class, args);
    }

    /** Starts another program. */
    static ExampleProcess startMain(Class<?> main, String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // If they are set, the virtual machine says so in its output.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        return new ExampleProcess(builder.start());
    }

    /** Waits for a line that contains a text, and returns it. */
    public String awaitLine(String text) throws InterruptedException {
        for (;;) {
            String line = next();
            if (line == END) {
                throw new AssertionError("ended without a line that contains \"" + text + "\": " + seen);
            }
            if (line.contains(text)) {
                return line;
            }
        }
    }

    /** Waits for the program to end. */
    public Ended awaitEnd() throws InterruptedException {
        while (next() != END) {
            // it is kept in seen
        }
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("closed its output, and did not end: " + seen);
        }
        return new Ended(process.exitValue(), List.copyOf(seen));
    }

    private String next() throws InterruptedException {
        String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("no output for " + PATIENCE_SECONDS + " seconds: " + seen);
        }
        if (line != END) {
            seen.add(line);
        }
        return line;
    }

    /** Sends SIGTERM. What the program writes after that can still be read. */
    public void terminate() {
        process.toHandle().destroy(); // process.destroy would close its output at our end
    }

    @Override
    public void close() {
        process.toHandle().destroyForcibly();
    }
}

package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;

import dev.runnel.Chan;
import dev.runnel.ReceiveChan;
import dev.runnel.SendChan;
import dev.runnel.examples.Inputs;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * 001-9: logs are processed in the background: main reads a file line by line and sends the lines over a channel, to a
 * goroutine that counts them by their level.
 *
 * <pre>{@code
 * go processLogs()
 * }</pre>
 */
@Command(mixinStandardHelpOptions = true)
public final class S001_9_ProcessLogs implements Callable<Integer> {

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The log file (default: one that comes along).")
    private @Nullable Path file;

    static void processLogs(ReceiveChan<String> lines, SendChan<Map<String, Integer>> result)
            throws InterruptedException {
        Map<String, Integer> levels = new TreeMap<>();
        for (String line : lines) {
            String[] fields = line.split(" ", 3); // time, level, message
            levels.merge(fields.length == 3 ? fields[1] : "(not a log line)", 1, Integer::sum);
        }
        result.send(levels);
    }

    @Override
    public Integer call() throws Exception {
        Chan<String> lines = Chan.make(100);
        Chan<Map<String, Integer>> result = Chan.make();

        try (BufferedReader log = Inputs.open(file, "app.log")) {
            go(() -> processLogs(lines, result));

            System.out.println("main goes on while the logs are processed");
            for (String line; (line = log.readLine()) != null;) {
                lines.send(line);
            }
        }
        lines.close();
        System.out.println(result.receive());
        return 0;
    }
}

package dev.runnel.correctness.races;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;

/**
 * Runs the tests with jcstress, and fails if one of them does, is not run, or does not end.
 *
 * <p>The first argument is {@code short}, one JVM and a moment for each test, or {@code long}, all ways to compile that
 * jcstress knows and some seconds for each. What follows is for jcstress: {@code -t HappensBefore} selects tests.
 */
public final class Main {

    private static final List<String> SHORT =
            List.of("-m", "quick", "-iters", "1", "-time", "60", "-sc", "false", "-pth",
                    "false", "-strideSize", "64", "-strideCount", "16", "-jvmArgs",
                    "-XX:+UseSerialGC --enable-native-access=ALL-UNNAMED");
    /** With fewer states at once than usual: there is not the memory for ten thousand of which each has a goroutine. */
    private static final List<String> LONG =
            List.of("-m", "quick", "-sc", "false", "-fsm", "2", "-strideCount", "10", "-jvmArgsPrepend",
                    "--enable-native-access=ALL-UNNAMED");

    private Main() {}

    /** Runs the tests. */
    public static void main(String[] args) throws Exception {
        boolean isLong = args[0].equals("long");
        if (!isLong && !args[0].equals("short")) {
            throw new IllegalArgumentException("short or long, but not " + args[0]);
        }
        List<String> given = new ArrayList<>(isLong ? LONG : SHORT);
        given.addAll(List.of(args).subList(1, args.length));
        Options options = new Options(given.toArray(String[]::new));
        if (!options.parse()) {
            System.exit(1);
        }
        giveUpAfter(isLong ? Duration.ofHours(2) : Duration.ofMinutes(10));
        JCStress stress = new JCStress(options);
        stress.run(); // throws if a test fails
        checkAllWereRun(options, stress.getTests());
    }

    /** jcstress itself waits for ever for a test that hangs at its first run. */
    private static void giveUpAfter(Duration limit) {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                Thread.sleep(limit);
            } catch (InterruptedException e) {
                return;
            }
            System.err.println("no end after " + limit + ": a test hangs");
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
            Runtime.getRuntime().halt(1);
        });
    }

    /** jcstress leaves out in silence what it has not enough processors for. */
    private static void checkAllWereRun(Options options, Set<String> tests) throws Exception {
        Set<String> missing = new TreeSet<>(tests);
        InProcessCollector results = new InProcessCollector();
        DiskReadCollector reader = new DiskReadCollector(options.getResultFile(), results);
        reader.dump();
        reader.close();
        results.getTestResults().forEach(result -> missing.remove(result.getName()));
        if (tests.isEmpty() || !missing.isEmpty()) {
            throw new AssertionError("of " + tests.size() + " tests these were not run: " + missing);
        }
    }
}

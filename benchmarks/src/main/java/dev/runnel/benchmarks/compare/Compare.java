package dev.runnel.benchmarks.compare;

import dev.runnel.benchmarks.Subjects;
import dev.runnel.benchmarks.Workload;
import dev.runnel.benchmarks.Workloads;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command that compares Runnel with its peers. */
@Command(name = "compare", sortOptions = false, description = {
    "Measures Runnel and its peers at the same workloads, and writes results.json, results.md, chart.svg and"
            + " chart.png."})
public final class Compare implements Callable<Integer> {

    /** Which of the two. */
    static final class Mode {

        @Option(names = "--short", description = "A dozen workloads, once, within five minutes; the default.")
        private boolean quick;

        @Option(names = "--full", description = "All workloads, in five rounds, on one carrier too, some with ZGC too;"
                + " it takes a night.")
        private boolean full;
    }

    @ArgGroup
    private Mode mode = new Mode();

    @Option(names = "--only", paramLabel = "REGEX",
            description = "Only workloads whose id or title has a match; of all of them, in short mode too.")
    private Pattern only;

    @Option(names = "--subjects", paramLabel = "LIST", split = ",",
            description = "Only these subjects, separated by commas.")
    private List<String> subjects;

    @Option(names = "--rounds", paramLabel = "N",
            description = "How often everything is measured, each time in a new process.")
    private Integer rounds;

    @Option(names = "--warmups", paramLabel = "N",
            description = "How many iterations are thrown away in each process before three are kept; 4 if left out."
                    + " Pipelines and the sieve, Kotlin's above all, want ten.")
    private Integer warmups;

    @Option(names = "--out", paramLabel = "DIR", defaultValue = "target/comparison",
            description = "Where to write the results; ${DEFAULT-VALUE} if left out.")
    private Path out;

    @Option(names = "--go", paramLabel = "DIR", defaultValue = "go",
            description = "Where the Go program is; ${DEFAULT-VALUE} if left out.")
    private Path go;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    /** Runs it. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Compare()).setParameterExceptionHandler((e, args) -> {
            PrintWriter err = e.getCommandLine().getErr();
            err.println(e.getMessage());
            UnmatchedArgumentException.printSuggestions(e, err);
            err.println("--help tells what there is.");
            return CommandLine.ExitCode.USAGE;
        });
    }

    @Override
    public Integer call() throws Exception {
        List<String> names = names();
        List<Row> rows = rows();
        Pace pace = pace();
        try {
            Files.createDirectories(out);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "--out: cannot make the folder " + out + ": " + e, e);
        }
        PrintWriter print = spec.commandLine().getOut();
        Results results = new Comparison(names, rows, pace, go, print).run();
        Files.writeString(out.resolve("results.json"), JsonReport.of(results));
        String table = MarkdownReport.of(results);
        Files.writeString(out.resolve("results.md"), table);
        ChartReport.write(results, out);
        print.println();
        print.print(table);
        print.println();
        print.println("The results are in " + out.toAbsolutePath().normalize());
        print.flush();
        return results.leftOut().stream().anyMatch(LeftOut::failed) ? 1 : 0;
    }

    private List<String> names() {
        List<String> all = new ArrayList<>(Subjects.names());
        all.add(GoPeer.NAME);
        if (subjects == null) {
            return all;
        }
        for (String name : subjects) {
            if (!all.contains(name)) {
                throw new ParameterException(spec.commandLine(),
                        "--subjects: there is no subject '" + name + "'; there are " + String.join(", ", all));
            }
        }
        return all.stream().filter(subjects::contains).toList();
    }

    private List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Setting setting : mode.full ? Setting.values() : new Setting[] {Setting.ALL_CARRIERS}) {
            for (Workload workload : Workloads.list()) {
                if (isWanted(workload) && (setting != Setting.ZGC || workload.contrast())) {
                    rows.add(new Row(workload, setting));
                }
            }
        }
        if (rows.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--only: no workload matches '" + only + "'; there are "
                    + String.join(", ", Workloads.list().stream().map(Workload::id).toList()));
        }
        return rows;
    }

    private boolean isWanted(Workload workload) {
        return only == null
                ? mode.full || workload.quick()
                : only.matcher(workload.id()).find() || only.matcher(workload.title()).find();
    }

    private Pace pace() {
        Pace pace = mode.full ? Pace.FULL : Pace.SHORT;
        if (rounds != null) {
            pace = pace.withRounds(atLeastOne("--rounds", rounds));
        }
        if (warmups != null) {
            pace = pace.withWarmups(atLeastOne("--warmups", warmups));
        }
        return pace;
    }

    private int atLeastOne(String option, int n) {
        if (n < 1) {
            throw new ParameterException(spec.commandLine(), option + ": at least 1 is needed, not " + n);
        }
        return n;
    }
}

package dev.runnel.benchmarks.compare;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Go: a program with the same workloads, built from its sources when the comparison begins. */
final class GoPeer implements Peer {

    static final String NAME = "go";

    /** What the program is called where it is built. */
    static final String PROGRAM = "runnel-benchmarks-go";

    private static final int LIMIT_MINUTES = 10;

    /** The exit code of the program if Go cannot do a workload. */
    private static final int UNSUPPORTED = 3;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path program;
    private final String version;

    private GoPeer(Path program, String version) {
        this.program = program;
        this.version = version;
    }

    /**
     * Builds the program.
     *
     * @param environment where PATH and GOROOT say where to look for go
     * @param sources the folder of the Go program
     * @param folder where to build it
     * @throws UnsupportedOperationException if there is no go, or not the program
     */
    static GoPeer build(Map<String, String> environment, Path sources, Path folder) throws Exception {
        Path go = find(environment);
        if (!Files.isRegularFile(sources.resolve("go.mod"))) {
            throw new UnsupportedOperationException(
                    "no Go program in " + sources.toAbsolutePath().normalize() + "; --go says where it is");
        }
        Path program = folder.resolve(PROGRAM);
        run(new ProcessBuilder(go.toString(), "build", "-o", program.toString(), ".").directory(sources.toFile()));
        String version = run(new ProcessBuilder(go.toString(), "env", "GOVERSION")).getFirst();
        return new GoPeer(program, version);
    }

    /** The go that PATH or GOROOT leads to. */
    static Path find(Map<String, String> environment) {
        List<Path> folders = new ArrayList<>();
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
            folders.add(Path.of(folder));
        }
        String root = environment.get("GOROOT");
        if (root != null) {
            folders.add(Path.of(root, "bin"));
        }
        return folders.stream()
                .flatMap(folder -> List.of(folder.resolve("go"), folder.resolve("go.exe")).stream())
                .filter(Files::isExecutable)
                .filter(Files::isRegularFile)
                .findFirst()
                .map(Path::toAbsolutePath)
                .orElseThrow(() -> new UnsupportedOperationException("no go found: looked on the PATH and in "
                        + (root == null ? "GOROOT/bin, but GOROOT is not set" : Path.of(root, "bin"))));
    }

    String version() {
        return version;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void tryOut(Row row) throws Exception {
        if (row.setting() == Setting.ZGC) {
            throw new UnsupportedOperationException("it has its own collector");
        }
        run(command(row, row.workload().few(), new Pace(1, 0, 1, Duration.ofNanos(1))));
    }

    @Override
    public List<Figures> measure(Row row, Pace pace) throws Exception {
        List<Figures> figures = new ArrayList<>();
        for (String line : run(command(row, row.workload().elements(), pace))) {
            figures.add(JSON.readValue(line, Figures.class));
        }
        return figures;
    }

    private ProcessBuilder command(Row row, int elements, Pace pace) {
        ProcessBuilder command = new ProcessBuilder(program.toString(), "-workload", row.workload().id(), "-elements",
                Integer.toString(elements), "-warmups", Integer.toString(pace.warmups()), "-iterations",
                Integer.toString(pace.iterations()), "-iteration", pace.iteration().toNanos() + "ns");
        if (row.setting() == Setting.ONE_CARRIER) {
            command.environment().put("GOMAXPROCS", "1");
        }
        return command;
    }

    private static List<String> run(ProcessBuilder command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("runnel-go", ".out");
        try {
            Process process = command.redirectErrorStream(true).redirectOutput(out.toFile()).start();
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IllegalStateException("it did not end within " + LIMIT_MINUTES + " minutes");
            }
            if (process.exitValue() == UNSUPPORTED) {
                throw new UnsupportedOperationException(Files.readString(out).strip());
            }
            if (process.exitValue() != 0) {
                throw new IllegalStateException(
                        "exit code " + process.exitValue() + ": " + Files.readString(out).strip());
            }
            return Files.readAllLines(out);
        } finally {
            Files.delete(out);
        }
    }
}

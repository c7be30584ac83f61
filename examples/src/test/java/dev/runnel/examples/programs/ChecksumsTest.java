package dev.runnel.examples.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.examples.ExampleProcess;
import dev.runnel.examples.ExampleProcess.Ended;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(600)
class ChecksumsTest {

    private static final int TERMINATED = 128 + 15;

    private static String line(String name, byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)) + "  " + name;
    }

    @Test
    void sums_noArguments_areThoseOfTheShippedTexts() throws Exception {
        List<String> expected = new ArrayList<>();
        for (String name : List.of("incidents", "mails", "newcomers", "opening-hours", "payment", "repairs", "returns",
                "runbook", "shipping", "stock-count", "suppliers", "words")) {
            expected.add(line(name + ".txt", Shipped.bytes("texts/" + name + ".txt")));
        }

        assertEquals(new Ended(0, expected), ExampleProcess.run("checksums"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 50})
    void sums_largeFileAmongSmallOnes_areInTheOrderOfTheNames(int workers, @TempDir Path directory) throws Exception {
        Path below = Files.createDirectories(directory.resolve("b/c"));
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Path file = (i % 2 == 0 ? directory : below).resolve(i + ".txt");
            byte[] content = ("this is file " + i + "\n").repeat(i % 100 == 0 ? 1_000_000 : i)
                    .getBytes(
                            StandardCharsets.US_ASCII);
            Files.write(file, content);
            expected.add(line(file.toString(), content));
        }
        expected.sort((a, b) -> a.substring(64).compareTo(b.substring(64)));

        assertEquals(new Ended(0, expected),
                ExampleProcess.run("checksums", directory.toString(), "--workers", "" + workers));
    }

    @Test
    @EnabledOnOs(OS.LINUX) // where a name may have anything in it
    void sums_oddNames_areAcceptedBySha256sum(@TempDir Path directory) throws Exception {
        List<String> names = List.of("back\\slash", "two  spaces", "two\nlines", "\\n", "*star", "carriage\rreturn");
        for (String name : names) {
            Files.writeString(directory.resolve(name), "the content of " + name);
        }
        Ended ended = ExampleProcess.run("checksums", directory.toString());
        assertEquals(0, ended.code());
        assertEquals(names.size(), ended.lines().size(), ended::toString);

        Path list = Files.write(directory.resolveSibling(directory.getFileName() + ".sha256"), ended.lines());
        try {
            Process check = new ProcessBuilder("sha256sum", "--check", "--strict", "--quiet", list.toString())
                    .redirectErrorStream(true)
                    .start();
            assertEquals("", new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            assertEquals(0, check.waitFor());
        } finally {
            Files.delete(list);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX) // which has files that nobody may read, not even root
    void sums_fileThatMayNotBeRead_saysSoAndGoesOn() throws Exception {
        Path directory = Path.of("/proc/sys/net/ipv4/route");
        Assumptions.assumeTrue(Files.exists(directory.resolve("flush")));
        List<String> names;
        try (Stream<Path> files = Files.list(directory)) {
            names = files.map(Path::toString).sorted().toList();
        }
        Ended ended = ExampleProcess.run("checksums", directory.toString());

        assertEquals(directory + "/flush could not be read: access is denied", ended.line("flush"));
        assertTrue(names.size() > 1);
        assertEquals(names, ended.lines().stream().map(line -> line.replaceAll("^\\w{64}  | could.*", "")).toList());
        assertEquals(1, ended.code());
    }

    @Test
    void sums_terminated_stopInTheMiddle(@TempDir Path directory) throws Exception {
        byte[] content = "a line of a file that is large\n".repeat(500_000).getBytes(StandardCharsets.US_ASCII);
        Path first = Files.write(directory.resolve("0.txt"), content);
        for (int i = 1; i < 1000; i++) { // one file under many names, which takes long to read a thousand times
            Files.createLink(directory.resolve(i + ".txt"), first);
        }
        try (ExampleProcess sums = ExampleProcess.start("checksums", directory.toString())) {
            sums.awaitLine(line(first.toString(), content));
            sums.terminate();
            Ended ended = sums.awaitEnd();

            assertEquals("Interrupted: not all files have been read.", ended.lines().getLast());
            assertTrue(ended.lines().size() < 1000, ended::toString);
            assertEquals(Collections.nCopies(ended.lines().size() - 1, line("", content).strip()),
                    ended.linesWith(".txt").stream().map(line -> line.substring(0, 64)).toList());
            assertEquals(TERMINATED, ended.code());
        }
    }

    @Test
    void start_badDirectory_saysWhatIsWrong(@TempDir Path directory) throws Exception {
        Path missing = directory.resolve("missing");
        Path file = Files.createFile(directory.resolve("file.txt"));

        assertEquals(new Ended(1, List.of("There is no directory " + missing + ".")),
                ExampleProcess.run("checksums", missing.toString()));
        assertEquals(new Ended(1, List.of(file + " is a file; a directory is needed.")),
                ExampleProcess.run("checksums", file.toString()));
    }

    @ParameterizedTest
    @CsvSource({"0, '--workers must be a number from 1 to 1000, not 0.', 1",
        "-1, '--workers must be a number from 1 to 1000, not -1.', 1",
        "four, 'Invalid value for option ''--workers'': ''four'' is not an int', 2"})
    void start_badNumber_saysWhatIsWrong(String workers, String message, int code) throws Exception {
        Ended ended = ExampleProcess.run("checksums", "--workers", workers);

        assertEquals(message, ended.lines().getFirst());
        assertEquals(code, ended.code());
    }
}

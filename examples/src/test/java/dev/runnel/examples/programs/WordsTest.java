package dev.runnel.examples.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.runnel.examples.ExampleProcess;
import dev.runnel.examples.ExampleProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(600)
class WordsTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 7})
    void counts_filesGiven_areThoseOfAll(int workers, @TempDir Path directory) throws Exception {
        Path a = Files.writeString(directory.resolve("a.txt"), "To be, or not to be:\n\nthat is\n");
        Path b = Files.writeString(directory.resolve("b.txt"), "To be is to do.\n".repeat(1000));
        Ended ended = ExampleProcess.run("words", a.toString(), b.toString(), "--top", "3", "--workers", "" + workers);

        assertEquals(List.of("1003 lines, 5008 words, 7 different", "  2002 to", "  1002 be", "  1001 is"),
                ended.lines());
        assertEquals(0, ended.code());
    }

    @Test
    void counts_shippedTexts_areThoseOfAll() throws Exception {
        int lines = 0;
        for (String name : List.of("returns.txt", "runbook.txt", "shipping.txt")) {
            lines += Shipped.lines("texts/" + name).size();
        }
        Ended ended = ExampleProcess.run("words", "--top", "0");

        assertEquals(1, ended.lines().size(), ended::toString);
        assertEquals(lines + " lines", ended.lines().getFirst().split(",")[0]);
        assertEquals(0, ended.code());
    }

    @Test
    void counts_oneFileOfSeveralIsMissing_saysSo(@TempDir Path directory) throws Exception {
        Path there = Files.writeString(directory.resolve("there.txt"), "a line\n".repeat(100_000));
        Path missing = directory.resolve("missing.txt");
        Ended ended = ExampleProcess.run("words", there.toString(), missing.toString());

        assertEquals(List.of("Not counted: There is no file " + missing + "."), ended.lines());
        assertEquals(1, ended.code());
    }

    @Test
    void start_badArgument_saysWhatIsWrong() throws Exception {
        Ended ended = ExampleProcess.run("words", "--workers", "0");
        assertEquals(List.of("--workers must be a number from 1 to 1000, not 0."), ended.lines());
        assertEquals(1, ended.code());
    }
}

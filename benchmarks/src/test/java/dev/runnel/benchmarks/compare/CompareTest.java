package dev.runnel.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(600)
class CompareTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int compare(String... args) {
        return Compare.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --subjects runnel,nobody | there is no subject 'nobody'; there are runnel, jox
            --only nothing           | no workload matches 'nothing'; there are transfer-1-1-0
            --only (                 | Invalid value for option '--only'
            --rounds 0               | at least 1 is needed, not 0
            --rounds many            | Invalid value for option '--rounds'
            --warmups 0              | at least 1 is needed, not 0
            --out pom.xml/results    | cannot make the folder
            --short --full           | mutually exclusive
            --fast                   | Unknown option
            -V                       | Unknown option
            """)
    void compare_badArguments_saysWhatIsWrong(String args, String message) {
        assertEquals(2, compare(args.split(" ")));
        assertTrue(err.toString().contains(message), err.toString());
        assertTrue(err.toString().endsWith("--help tells what there is.\n"), err.toString());
    }

    @Test
    void compare_help_listsOptions() {
        assertEquals(0, compare("--help"));
        assertTrue(out.toString().contains("--subjects=LIST"), out.toString());
    }

    @Test
    void compare_twoSubjects_writesResults(@TempDir Path folder) throws Exception {
        int code = compare("--only", "^ping-pong$", "--subjects", "runnel,SynchronousQueue,threads", "--out",
                folder.resolve("a/b").toString());
        assertEquals(0, code, () -> out.toString() + err);
        assertTrue(out.toString().contains("[1/2] ping-pong, a round trip: runnel "), out.toString());

        Path results = folder.resolve("a/b");
        JsonNode json = new ObjectMapper().readTree(results.resolve("results.json").toFile());
        assertEquals(2 * Pace.SHORT.iterations(), json.get("samples").size());
        for (JsonNode sample : json.get("samples")) {
            assertEquals("ping-pong", sample.get("workload").textValue());
            assertTrue(sample.get("nanos").doubleValue() > 0, sample.toString());
            assertTrue(sample.get("cpuNanos").doubleValue() > 0, sample.toString());
            assertTrue(sample.get("bytes").isNumber(), sample.toString());
        }
        assertEquals("it has no channels", json.get("leftOut").get(0).get("reason").textValue());
        assertTrue(json.get("about").get("jox").textValue().matches("\\d+\\..*"), json.get("about").toString());
        String table = Files.readString(results.resolve("results.md"));
        assertTrue(table.contains("| ping-pong, a round trip | "), table);
        assertTrue(Files.readString(results.resolve("chart.svg")).contains("<svg"));
        assertTrue(Files.size(results.resolve("chart.png")) > 1000);
    }

    @Test
    void compare_withoutGo_saysWhereItLooked(@TempDir Path empty) {
        var e = assertThrows(UnsupportedOperationException.class,
                () -> GoPeer.find(Map.of("PATH", empty.toString(), "GOROOT", empty.toString())));
        assertEquals("no go found: looked on the PATH and in " + empty.resolve("bin"), e.getMessage());
        e = assertThrows(UnsupportedOperationException.class, () -> GoPeer.find(Map.of()));
        assertEquals("no go found: looked on the PATH and in GOROOT/bin, but GOROOT is not set", e.getMessage());
    }
}

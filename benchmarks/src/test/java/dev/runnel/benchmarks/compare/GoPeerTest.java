package dev.runnel.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.runnel.benchmarks.Workload;
import dev.runnel.benchmarks.Workloads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class GoPeerTest {

    private static GoPeer go;

    /** Where there is no go, there is nothing to test. */
    @BeforeAll
    static void build(@TempDir Path folder) throws Exception {
        try {
            GoPeer.find(System.getenv());
        } catch (UnsupportedOperationException e) {
            abort(e.getMessage());
        }
        go = GoPeer.build(System.getenv(), Path.of("go"), folder);
    }

    private static Row row(String workload, Setting setting) {
        return new Row(Workloads.named(workload), setting);
    }

    @Test
    void tryOut_eachWorkload_movesEveryElement() throws Exception {
        Map<String, String> leftOut = new TreeMap<>();
        for (Workload workload : Workloads.list()) {
            try {
                go.tryOut(new Row(workload, Setting.ONE_CARRIER));
            } catch (UnsupportedOperationException e) {
                leftOut.put(workload.id(), e.getMessage());
            }
        }
        assertEquals(Map.of("pattern-rate-limit", "its standard library has no rate limit", "pattern-retry-2",
                "its standard library has no retry"), leftOut);
    }

    @Test
    void tryOut_otherCollector_isUnsupported() {
        assertThrows(UnsupportedOperationException.class, () -> go.tryOut(row("start", Setting.ZGC)));
    }

    @Test
    void measure_workload_givesFiguresOfEachIteration() throws Exception {
        Pace pace = new Pace(1, 1, 2, Duration.ofMillis(20));
        List<Figures> whole = go.measure(row("ping-pong", Setting.ALL_CARRIERS), pace);
        assertEquals(2, whole.size());
        assertTrue(whole.getFirst().nanos() > 0 && whole.getFirst().bytes() != null, whole.toString());
        assertNull(go.measure(row("close-10000", Setting.ALL_CARRIERS), pace).getFirst().bytes());
    }

    @Test
    void build_withoutProgram_saysWhere(@TempDir Path empty) {
        var e = assertThrows(UnsupportedOperationException.class, () -> GoPeer.build(System.getenv(), empty, empty));
        assertEquals("no Go program in " + empty + "; --go says where it is", e.getMessage());
    }
}

package dev.runnel.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(300)
class WorkloadsTest {

    static Stream<Arguments> subjectsAndWorkloads() {
        return Subjects.names()
                .stream()
                .flatMap(subject -> Workloads.list().stream().map(workload -> Arguments.of(subject, workload.id())));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("subjectsAndWorkloads")
    void tryOut_eachSubjectAndWorkload_movesEveryElement(String subject, String workload) throws Exception {
        try {
            Workloads.named(workload).tryOut(Subjects.named(subject));
        } catch (UnsupportedOperationException e) {
            if (subject.equals(Subjects.OURS)) {
                throw e;
            }
            abort(e.getMessage());
        }
    }

    @Test
    void tryOut_elementLost_fails() {
        Subject loser = new Subject() {
            @Override
            public long pingPong(int elements) {
                return Elements.sum(elements) - 1;
            }

            @Override
            public long start(int goroutines) {
                return goroutines - 1;
            }

            @Override
            public Parked park(int goroutines) {
                return () -> goroutines + 1;
            }

            @Override
            public Patterns patterns() {
                return new Patterns() {
                    @Override
                    public long broadcast(int readers, int elements) {
                        return (readers - 1) * Elements.sum(elements / readers);
                    }
                };
            }
        };
        for (String id : List.of("ping-pong", "start", "close-10000", "pattern-broadcast-10")) {
            var e = assertThrows(IllegalStateException.class, () -> Workloads.named(id).tryOut(loser));
            assertTrue(e.getMessage().contains("in place of"), e.getMessage());
        }
    }

    @Test
    void tryOut_subjectWithoutChannels_saysSo() {
        var e = assertThrows(UnsupportedOperationException.class,
                () -> Workloads.named("transfer-1-1-0").tryOut(new VirtualThreadSubject()));
        assertEquals("it has no channels", e.getMessage());
    }

    @Test
    void tryOut_subjectWithoutPattern_saysSo() {
        assertEquals("it has no patterns", assertThrows(UnsupportedOperationException.class,
                () -> Workloads.named("pattern-merge-10").tryOut(new VirtualThreadSubject())).getMessage());
        assertEquals("it has no rate limit", assertThrows(UnsupportedOperationException.class,
                () -> Workloads.named("pattern-rate-limit").tryOut(new KotlinSubject())).getMessage());
    }

    @Test
    void list_ids_areDistinct() {
        List<String> ids = Workloads.list().stream().map(Workload::id).toList();
        assertEquals(ids.size(), ids.stream().distinct().count(), ids.toString());
    }

    @Test
    void named_unknown_saysWhich() {
        assertEquals("no workload nothing",
                assertThrows(IllegalArgumentException.class, () -> Workloads.named("nothing")).getMessage());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Subjects.named("nobody")).getMessage()
                .contains("no subject nobody"));
    }
}

package dev.runnel.benchmarks;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What all benchmarks have in common: nanoseconds an element, three forks, and how to get at a subject by its name. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public abstract class SubjectState {

    private static final Map<String, Supplier<Subject>> SUBJECTS =
            Map.of("runnel", RunnelSubject::new, "jdk", JdkSubject::new);

    static Subject subject(String name) {
        Supplier<Subject> subject = SUBJECTS.get(name);
        if (subject == null) {
            throw new IllegalArgumentException("no subject " + name + "; there are " + SUBJECTS.keySet());
        }
        return subject.get();
    }
}

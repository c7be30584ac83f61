package dev.runnel.benchmarks.compare;

import dev.runnel.benchmarks.CpuTimeProfiler;
import dev.runnel.benchmarks.ParkBenchmark;
import dev.runnel.benchmarks.Subjects;
import dev.runnel.benchmarks.Workload;
import dev.runnel.benchmarks.Workload.Phase;
import dev.runnel.benchmarks.WorkloadBenchmark;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** A subject on the JVM, which JMH measures in a fork. */
record JmhPeer(String name) implements Peer {

    private static final int TRIAL_SECONDS = 60;
    private static final int ITERATION_LIMIT_SECONDS = 120;
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    @Override
    public void tryOut(Row row) throws Exception {
        if (row.setting() == Setting.ONE_CARRIER && name.equals("core.async")) {
            throw new UnsupportedOperationException("its pool of threads has no size to be set");
        }
        FutureTask<Void> trial = new FutureTask<>(() -> {
            row.workload().tryOut(Subjects.named(name));
            return null;
        });
        Thread.ofPlatform().daemon().start(trial);
        try {
            trial.get(TRIAL_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("it did not end within " + TRIAL_SECONDS + " seconds", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    @Override
    public List<Figures> measure(Row row, Pace pace) throws Exception {
        List<Figures> figures = new ArrayList<>();
        for (RunResult run : new Runner(options(row, pace)).run()) {
            for (BenchmarkResult fork : run.getBenchmarkResults()) {
                for (IterationResult iteration : fork.getIterationResults()) {
                    figures.add(figures(row.workload(), iteration));
                }
            }
        }
        return figures;
    }

    private Options options(Row row, Pace pace) {
        Workload workload = row.workload();
        Class<?> benchmark = workload.phase() == Phase.WHOLE ? WorkloadBenchmark.class : ParkBenchmark.class;
        String method = benchmark.getName() + "." + workload.phase().name().toLowerCase(Locale.ROOT);
        TimeValue iteration = TimeValue.milliseconds(pace.iteration().toMillis());
        ChainedOptionsBuilder options = new OptionsBuilder().include("^" + Pattern.quote(method) + "$")
                .param("subject", name)
                .param("workload", workload.id())
                .operationsPerInvocation(workload.elements())
                .forks(1)
                .warmupIterations(pace.warmups())
                .warmupTime(iteration)
                .measurementIterations(pace.iterations())
                .measurementTime(iteration)
                // JMH asks for it, and the JVM would complain about it in each fork.
                .jvmArgsPrepend("--sun-misc-unsafe-memory-access=allow")
                .jvmArgs(row.setting().jvmArgs.toArray(String[]::new))
                .timeout(TimeValue.seconds(ITERATION_LIMIT_SECONDS))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        if (workload.phase() == Phase.WHOLE) {
            options.addProfiler(GCProfiler.class).addProfiler(CpuTimeProfiler.class);
        }
        return options.build();
    }

    private static Figures figures(Workload workload, IterationResult iteration) {
        double nanos = iteration.getPrimaryResult().getScore();
        if (workload.phase() == Phase.WHOLE) {
            return new Figures(nanos, secondary(iteration, CpuTimeProfiler.LABEL), secondary(iteration, ALLOCATED));
        }
        double goroutines = secondary(iteration, "invocations") * workload.elements();
        Double bytes = workload.phase() == Phase.PARK ? secondary(iteration, "retainedBytes") / goroutines : null;
        return new Figures(nanos, secondary(iteration, "cpuNanos") / goroutines, bytes);
    }

    private static double secondary(IterationResult iteration, String label) {
        Result<?> result = iteration.getSecondaryResults().get(label);
        if (result == null) {
            throw new IllegalStateException(
                    "JMH gave no " + label + ", only " + iteration.getSecondaryResults().keySet());
        }
        return result.getScore();
    }
}

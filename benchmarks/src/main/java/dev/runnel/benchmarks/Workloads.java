package dev.runnel.benchmarks;

import dev.runnel.benchmarks.Workload.Body;
import dev.runnel.benchmarks.Workload.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The catalog of workloads. Go's program has the same ones, by their ids. */
public final class Workloads {

    private static final int ELEMENTS = 200_000;
    private static final int[] CAPACITIES = {0, 1, 10, 100, 1000};
    private static final List<Workload> ALL = all();

    private Workloads() {}

    /** All workloads, in the order in which they are measured and shown. */
    public static List<Workload> list() {
        return ALL;
    }

    /** The workload with this id. */
    public static Workload named(String id) {
        return ALL.stream()
                .filter(workload -> workload.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no workload " + id));
    }

    private static List<Workload> all() {
        List<Workload> all = new ArrayList<>();
        for (int capacity : CAPACITIES) {
            boolean usual = capacity == 0 || capacity == 100;
            all.add(usual ? transfer(1, 1, capacity).quickly().contrasted() : transfer(1, 1, capacity));
            all.add(transfer(1, 10, capacity));
            all.add(transfer(10, 1, capacity));
            all.add(usual ? transfer(100, 100, capacity).quickly().contrasted() : transfer(100, 100, capacity));
            all.add(transfer(10_000, 10_000, capacity));
        }
        all.add(workload("ping-pong", "ping-pong, a round trip", 30_000, 1000,
                (s, n) -> Elements.check(s.pingPong(n), 1, n)).quickly().contrasted());
        all.add(workload("fill-and-drain-100", "fill and drain 100, an operation", 1_000_000, 2000,
                (s, n) -> Elements.check(s.fillAndDrain(100, n / 2), 1, n / 2)).quickly());
        all.add(pipeline(100, 200_000).quickly());
        all.add(pipeline(10_000, 1_000_000));
        all.add(workload("sieve", "prime sieve, a number", 5000, 200, Workloads::sieve));
        all.add(workload("workers-10", "fan out to 10 workers, fan in", 100_000, 1000,
                (s, n) -> Elements.check(s.workers(10, n), 1, n)).quickly().contrasted());
        for (int channels : new int[] {2, 5, 50}) {
            addSelects(all, channels);
        }
        for (int pairs : new int[] {1, 10}) {
            all.add(workload("select-both-" + pairs, "select over 2 at both ends, " + pairs + "→" + pairs, ELEMENTS,
                    10 * pairs, (s, n) -> Elements.check(s.selectBoth(pairs, n), pairs, n / pairs)));
        }
        for (int capacity : new int[] {0, 1}) {
            all.add(workload("try-" + capacity, "try to send or receive, and fail, capacity " + capacity, 1_000_000,
                    1000, (s, n) -> checkCount(s.tryFailing(capacity, n), n)));
        }
        all.add(new Workload("close-10000", "close wakes 10,000, each", Phase.WAKE, 10_000, 100, true, false,
                Workloads::parkAndWake));
        all.add(workload("start", "start a goroutine", 10_000, 100, (s, n) -> checkCount(s.start(n), n)).quickly());
        all.add(new Workload("park-1000000", "park a million, each", Phase.PARK, 1_000_000, 100, false, false,
                Workloads::parkAndWake));
        all.add(new Workload("wake-1000000", "wake a million, each", Phase.WAKE, 1_000_000, 100, false, false,
                Workloads::parkAndWake));
        all.add(workload("wait-group-10000", "WaitGroup of 10,000, each", 10_000, 100,
                (s, n) -> checkCount(s.waitGroup(n), n)));
        for (int nanos : new int[] {100, 1000}) {
            all.add(work(nanos, 1, 0));
            all.add(nanos == 1000 ? work(nanos, 10, 10).contrasted() : work(nanos, 10, 10));
        }
        addPatterns(all);
        return List.copyOf(all);
    }

    private static Workload workload(String id, String title, int elements, int few, Body body) {
        return new Workload(id, title, Phase.WHOLE, elements, few, false, false, body);
    }

    private static Workload transfer(int producers, int consumers, int capacity) {
        int most = Math.max(producers, consumers);
        return workload("transfer-" + producers + "-" + consumers + "-" + capacity,
                "transfer " + producers + "→" + consumers + ", capacity " + capacity,
                Math.max(ELEMENTS, 50 * most), 10 * most, (s, n) -> Elements.check(
                        s.transfer(producers, consumers, capacity, n), producers, n / producers));
    }

    private static Workload pipeline(int stages, int hops) {
        return workload("pipeline-" + stages, "pipeline of " + stages + ", a stage", hops, 2 * stages,
                (s, n) -> Elements.check(s.pipeline(stages, n / stages), 1, n / stages));
    }

    private static void addSelects(List<Workload> all, int channels) {
        String over = "select over " + channels;
        Workload select = workload("select-" + channels, over, ELEMENTS, 10 * channels,
                (s, n) -> Elements.check(s.select(channels, n), channels, n / channels));
        all.add(switch (channels) {
            case 2 -> select.quickly().contrasted();
            case 5 -> select.quickly();
            default -> select;
        });
        all.add(workload("select-ready-" + channels, over + ", send and receive, one ready", ELEMENTS, 10 * channels,
                (s, n) -> Elements.check(s.selectReady(channels, n), 1, n)));
        all.add(workload("select-otherwise-" + channels, over + ", none ready, otherwise", ELEMENTS, 10 * channels,
                (s, n) -> checkCount(s.selectOtherwise(channels, n), n)));
        // A timeout may cost a thread for each select.
        all.add(workload("select-timeout-" + channels, over + " and a timeout", ELEMENTS / 10, 10 * channels,
                (s, n) -> Elements.check(s.selectTimeout(channels, n), channels, n / channels)));
        all.add(workload("select-send-" + channels, over + ", sends", ELEMENTS, 10 * channels,
                (s, n) -> Elements.check(s.selectSend(channels, n), 1, n)));
    }

    private static void addPatterns(List<Workload> all) {
        int elements = ELEMENTS / 4;
        all.add(workload("pattern-merge-10", "merge 10 channels", elements, 1000,
                (s, n) -> Elements.check(s.patterns().merge(10, n), 10, n / 10)));
        all.add(workload("pattern-map-10", "map by 10 workers", elements, 1000,
                (s, n) -> Elements.check(s.patterns().map(10, n), 1, n)));
        all.add(workload("pattern-map-ordered-10", "map by 10 workers, in order", elements, 1000,
                (s, n) -> Elements.check(s.patterns().mapOrdered(10, n), 1, n)));
        all.add(workload("pattern-batch-100", "batches of 100, an element", elements, 1050,
                (s, n) -> Elements.check(s.patterns().batch(100, n), 1, n)));
        all.add(workload("pattern-broadcast-10", "broadcast to 10 readers, each", elements, 1000,
                (s, n) -> Elements.check(s.patterns().broadcast(10, n), 10, n / 10)));
        all.add(workload("pattern-rate-limit", "a permit of a rate limit", 1_000_000, 1000,
                (s, n) -> checkCount(s.patterns().rateLimit(n), n)));
        all.add(workload("pattern-retry-2", "retry a task that fails twice", elements, 1000,
                (s, n) -> Elements.check(s.patterns().retry(2, n), 1, n)));
    }

    private static Workload work(int nanos, int pairs, int capacity) {
        String title = "transfer " + pairs + "→" + pairs + ", capacity " + capacity + ", " + nanos
                + " ns of work on each";
        // Measured when it is first needed: who does not work should not have to wait for it.
        Supplier<Work> work = new Once(() -> Work.ofNanos(nanos));
        return workload("work-" + nanos + "-" + pairs + "-" + capacity, title, 50_000, 10 * pairs,
                (s, n) -> Elements.check(s.work(pairs, capacity, work.get(), n), pairs, n / pairs));
    }

    /** A value that is computed by whoever asks for it first. */
    private static final class Once implements Supplier<Work> {

        private final Supplier<Work> source;
        private Work value;

        Once(Supplier<Work> source) {
            this.source = source;
        }

        @Override
        public synchronized Work get() {
            if (value == null) {
                value = source.get();
            }
            return value;
        }
    }

    private static void parkAndWake(Subject subject, int goroutines) throws Exception {
        checkCount(subject.park(goroutines).wake(), goroutines);
    }

    private static void sieve(Subject subject, int limit) throws Exception {
        long expected = IntStream.range(2, limit)
                .filter(i -> IntStream.rangeClosed(2, (int) Math.sqrt(i)).allMatch(d -> i % d != 0))
                .sum();
        checkCount(subject.sieve(limit), expected);
    }

    static void checkCount(long actual, long expected) {
        if (actual != expected) {
            throw new IllegalStateException("it gave " + actual + " in place of " + expected);
        }
    }
}

package dev.runnel.benchmarks;

import dev.runnel.Case;
import dev.runnel.CaseSet;
import dev.runnel.Chan;
import dev.runnel.Go;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** A goroutine has many channels to receive from, one of which has a value: by a set of cases, and by a plain select. */
public class CaseSetBenchmark extends SubjectState {

    @Param({"1", "100", "10000"})
    int cases;

    private final List<Chan<Integer>> chans = new ArrayList<>();
    private final CaseSet<Integer> set = new CaseSet<>();
    private Case<Integer>[] array;
    private int next;

    @Setup
    @SuppressWarnings("unchecked") // there is nothing else in it
    public void make() {
        array = (Case<Integer>[]) new Case<?>[cases];
        for (int i = 0; i < cases; i++) {
            Chan<Integer> chan = Chan.make(1);
            chans.add(chan);
            set.add(chan.onReceive());
            array[i] = chan.onReceive();
        }
    }

    private int send() throws InterruptedException {
        int value = next++;
        chans.get(Math.floorMod(value, cases)).send(value);
        return value;
    }

    private static int checked(int sent, Integer received) {
        if (received == null || received != sent) {
            throw new IllegalStateException(sent + " was sent, " + received + " received");
        }
        return sent;
    }

    @Benchmark
    public int set() throws InterruptedException {
        int sent = send();
        return checked(sent, set.select().value());
    }

    @Benchmark
    public int select() throws InterruptedException {
        int sent = send();
        return checked(sent, Go.select(array).value());
    }
}

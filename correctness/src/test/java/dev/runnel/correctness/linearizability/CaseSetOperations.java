package dev.runnel.correctness.linearizability;

import static dev.runnel.Go.select;
import static dev.runnel.correctness.linearizability.ChanOperations.CLOSED;
import static dev.runnel.correctness.linearizability.ChanOperations.OTHERWISE;
import static dev.runnel.correctness.linearizability.ChanOperations.SENT;

import dev.runnel.Case;
import dev.runnel.CaseSet;
import dev.runnel.Chan;
import dev.runnel.ChanClosedException;
import dev.runnel.SendCase;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * What Lincheck does with two sets of cases that face each other over two channels, each owned by one thread. One set
 * receives from the first channel and sends 8 on the second, the other one sends 7 on the first and receives from the
 * second. Results are as those of {@link SelectOperations}.
 */
@Param(name = "value", gen = IntGen.class, conf = "1:6")
public abstract class CaseSetOperations {

    static final String ONE = "one";
    static final String TWO = "two";

    private final Chan<Integer> a;
    private final Chan<Integer> b;
    private final CaseSet<Integer> one = new CaseSet<>();
    private final CaseSet<Integer> two = new CaseSet<>();
    private final Case<Integer> oneReceives;
    private final SendCase<Integer> oneSends;
    private final SendCase<Integer> twoSends;

    private CaseSetOperations(int capacity, int otherCapacity) {
        a = Chan.make(capacity);
        b = Chan.make(otherCapacity);
        oneReceives = one.add(a.onReceive());
        oneSends = one.add(b.onSend());
        twoSends = two.add(a.onSend());
        two.add(b.onReceive());
    }

    /** Two channels without a buffer. */
    public static final class Unbuffered extends CaseSetOperations {
        /** Made by Lincheck for each run. */
        public Unbuffered() {
            super(0, 0);
        }
    }

    /** Two channels with buffers. */
    public static final class Buffered extends CaseSetOperations {
        /** Made by Lincheck for each run. */
        public Buffered() {
            super(1, 2);
        }
    }

    /** A turn of the first set. */
    @Operation(blocking = true, nonParallelGroup = ONE)
    public Object selectOne() throws InterruptedException {
        oneSends.with(8);
        try {
            return report(one.select(), oneReceives);
        } catch (ChanClosedException e) {
            return CLOSED;
        }
    }

    /** A turn of the first set if that needs no waiting. */
    @Operation(nonParallelGroup = ONE)
    public Object trySelectOne() throws InterruptedException {
        oneSends.with(8);
        try {
            return report(one.trySelect(), oneReceives);
        } catch (ChanClosedException e) {
            return CLOSED;
        }
    }

    /** The same while the case that receives is not in the set. */
    @Operation(nonParallelGroup = ONE)
    public Object trySelectOneWithoutReceive() throws InterruptedException {
        one.remove(oneReceives);
        try {
            return trySelectOne();
        } finally {
            one.add(oneReceives);
        }
    }

    /** A turn of the second set. */
    @Operation(blocking = true, nonParallelGroup = TWO)
    public Object selectTwo() throws InterruptedException {
        twoSends.with(7);
        try {
            return report(two.select(), twoSends);
        } catch (ChanClosedException e) {
            return CLOSED;
        }
    }

    /** Sends on the first channel or receives from the second. */
    @Operation(blocking = true)
    public Object sendReceive(@Param(name = "value") int value) throws InterruptedException {
        Case<Integer> send = a.onSend(value);
        try {
            return report(select(send, b.onReceive()), send);
        } catch (ChanClosedException e) {
            return CLOSED;
        }
    }

    private static Object report(Case<? extends Integer> chosen, Case<Integer> onA) {
        return chosen == null ? OTHERWISE : (chosen == onA ? "a: " : "b: ") + chosen.value();
    }

    /** Sends on the first channel. */
    @Operation(blocking = true)
    public Object send(@Param(name = "value") int value) throws InterruptedException {
        try {
            a.send(value);
            return SENT;
        } catch (ChanClosedException e) {
            return CLOSED;
        }
    }

    /** Receives from the second channel. */
    @Operation(blocking = true)
    public Object receiveB() throws InterruptedException {
        return b.receive();
    }

    /** Sends on the first channel if that needs no waiting. */
    @Operation
    public Object trySend(@Param(name = "value") int value) {
        try {
            return a.trySend(value) ? SENT : OTHERWISE;
        } catch (ChanClosedException e) {
            return CLOSED;
        }
    }

    /** Receives from the first channel if that needs no waiting. */
    @Operation
    public Object tryReceive() {
        return a.tryReceive();
    }

    /** Receives from the second channel if that needs no waiting. */
    @Operation
    public Object tryReceiveB() {
        return b.tryReceive();
    }

    /** Closes the first channel. */
    @Operation
    public Object close() {
        return close(a);
    }

    /** Closes the second channel. */
    @Operation
    public Object closeB() {
        return close(b);
    }

    private static Object close(Chan<Integer> chan) {
        try {
            chan.close();
            return null;
        } catch (ChanClosedException e) {
            return CLOSED;
        }
    }
}

package dev.runnel.correctness.linearizability;

import static dev.runnel.Go.otherwise;
import static dev.runnel.Go.select;

import dev.runnel.Case;
import dev.runnel.Chan;
import dev.runnel.ChanClosedException;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/** What Lincheck does with one channel. Operations that may wait are marked as blocking. */
@Param(name = "value", gen = IntGen.class, conf = "1:9")
public abstract class ChanOperations {

    static final String SENT = "sent";
    static final String CLOSED = "closed";
    static final String OTHERWISE = "otherwise";

    final Chan<Integer> a;

    ChanOperations(int capacity) {
        a = Chan.make(capacity);
    }

    /** A channel without a buffer. */
    public static final class Unbuffered extends ChanOperations {
        /** Made by Lincheck for each run. */
        public Unbuffered() {
            super(0);
        }
    }

    /** A channel with a buffer for one value. */
    public static final class CapacityOne extends ChanOperations {
        /** Made by Lincheck for each run. */
        public CapacityOne() {
            super(1);
        }
    }

    /** A channel with a buffer for two values. */
    public static final class CapacityTwo extends ChanOperations {
        /** Made by Lincheck for each run. */
        public CapacityTwo() {
            super(2);
        }
    }

    /** Sends a value. */
    @Operation(blocking = true)
    public Object send(@Param(name = "value") int value) throws InterruptedException {
        try {
            a.send(value);
            return SENT;
        } catch (ChanClosedException e) {
            return CLOSED;
        }
    }

    /** Sends a value if that needs no waiting. */
    @Operation
    public Object trySend(@Param(name = "value") int value) {
        try {
            return a.trySend(value) ? SENT : OTHERWISE;
        } catch (ChanClosedException e) {
            return CLOSED;
        }
    }

    /** Receives a value. */
    @Operation(blocking = true)
    public Object receive() throws InterruptedException {
        return a.receive();
    }

    /** Receives a value if that needs no waiting. */
    @Operation
    public Object tryReceive() {
        return a.tryReceive();
    }

    /** Sends or receives a value, whichever is possible first. */
    @Operation(blocking = true)
    public Object sendOrReceive(@Param(name = "value") int value) throws InterruptedException {
        try {
            Case<Integer> send = a.onSend(value);
            var chosen = select(a.onReceive(), send);
            return chosen == send ? SENT : chosen.value();
        } catch (ChanClosedException e) {
            return CLOSED;
        }
    }

    /** Receives a value if that needs no waiting, and says whether it was so. */
    @Operation
    public Object receiveOrElse() throws InterruptedException {
        Case<Integer> otherwise = otherwise();
        var chosen = select(a.onReceive(), otherwise);
        return chosen == otherwise ? OTHERWISE : chosen.value();
    }

    /** Closes the channel. */
    @Operation
    public Object close() {
        try {
            a.close();
            return null;
        } catch (ChanClosedException e) {
            return CLOSED;
        }
    }

    /** The number of values in the buffer. */
    @Operation
    public int size() {
        return a.size();
    }

    /** Whether the channel is closed and has no values left. */
    @Operation
    public boolean isDrained() {
        return a.isDrained();
    }
}

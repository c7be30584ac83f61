package dev.runnel.correctness.linearizability;

import static dev.runnel.correctness.linearizability.ChanOperations.CLOSED;
import static dev.runnel.correctness.linearizability.ChanOperations.SENT;

import dev.runnel.Buffer;
import dev.runnel.Chan;
import dev.runnel.ChanClosedException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * What Lincheck does with a channel whose buffer drops or grows. The result of a send is the value that its listener is
 * told of, if there is one.
 */
@Param(name = "value", gen = IntGen.class, conf = "1:9")
public abstract class BufferOperations {

    private final ThreadLocal<Integer> dropped = new ThreadLocal<>();
    private final Chan<Integer> ch;

    private BufferOperations(Function<Consumer<Integer>, Buffer<Integer>> buffer) {
        ch = Chan.make(buffer.apply(dropped::set));
    }

    /** A buffer for the latest value. */
    public static final class DropOldestOfOne extends BufferOperations {
        /** Made by Lincheck for each run. */
        public DropOldestOfOne() {
            super(onDrop -> Buffer.dropOldest(1, onDrop));
        }
    }

    /** A buffer for the latest two values. */
    public static final class DropOldestOfTwo extends BufferOperations {
        /** Made by Lincheck for each run. */
        public DropOldestOfTwo() {
            super(onDrop -> Buffer.dropOldest(2, onDrop));
        }
    }

    /** A buffer for the first value. */
    public static final class DropNewestOfOne extends BufferOperations {
        /** Made by Lincheck for each run. */
        public DropNewestOfOne() {
            super(onDrop -> Buffer.dropNewest(1, onDrop));
        }
    }

    /** A buffer for any number of values. */
    public static final class Unbounded extends BufferOperations {
        /** Made by Lincheck for each run. */
        public Unbounded() {
            super(onDrop -> Buffer.unbounded());
        }
    }

    /** Sends a value, which needs no waiting. */
    @Operation
    public Object send(@Param(name = "value") int value) throws InterruptedException {
        dropped.remove();
        try {
            ch.send(value);
            return sent();
        } catch (ChanClosedException e) {
            return CLOSED;
        }
    }

    /** The same without looking at the interrupt status. */
    @Operation
    public Object trySend(@Param(name = "value") int value) {
        dropped.remove();
        try {
            return ch.trySend(value) ? sent() : "failed";
        } catch (ChanClosedException e) {
            return CLOSED;
        }
    }

    private Object sent() {
        Integer told = dropped.get();
        return told == null ? SENT : told;
    }

    /** Receives a value. */
    @Operation(blocking = true)
    public Object receive() throws InterruptedException {
        return ch.receive();
    }

    /** Receives a value if that needs no waiting. */
    @Operation
    public Object tryReceive() {
        return ch.tryReceive();
    }

    /** Receives all that there is: a digit each. */
    @Operation
    public int drain() {
        int digits = 0;
        for (int value : ch.drain(9)) {
            digits = 10 * digits + value;
        }
        return digits;
    }

    /** Closes the channel. */
    @Operation
    public Object close() {
        try {
            ch.close();
            return null;
        } catch (ChanClosedException e) {
            return CLOSED;
        }
    }

    /** The number of values in the buffer. */
    @Operation
    public int size() {
        return ch.size();
    }
}

package dev.runnel.correctness.linearizability;

import static dev.runnel.Go.otherwise;
import static dev.runnel.Go.select;
import static dev.runnel.correctness.linearizability.ChanOperations.CLOSED;
import static dev.runnel.correctness.linearizability.ChanOperations.OTHERWISE;
import static dev.runnel.correctness.linearizability.ChanOperations.SENT;

import dev.runnel.Case;
import dev.runnel.Chan;
import dev.runnel.ChanClosedException;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * What Lincheck does with two channels. Operations that may wait are marked as blocking. A result names the channel
 * that was chosen; a send that fails does not say of which channel.
 */
@Param(name = "value", gen = IntGen.class, conf = "1:9")
public abstract class SelectOperations {

    private final Chan<Integer> a;
    private final Chan<Integer> b;

    private SelectOperations(int capacity, int otherCapacity) {
        a = Chan.make(capacity);
        b = Chan.make(otherCapacity);
    }

    /** Two channels without a buffer. */
    public static final class Unbuffered extends SelectOperations {
        /** Made by Lincheck for each run. */
        public Unbuffered() {
            super(0, 0);
        }
    }

    /** Two channels with buffers. */
    public static final class Buffered extends SelectOperations {
        /** Made by Lincheck for each run. */
        public Buffered() {
            super(1, 2);
        }
    }

    /** One channel without a buffer and one with. */
    public static final class Mixed extends SelectOperations {
        /** Made by Lincheck for each run. */
        public Mixed() {
            super(0, 1);
        }
    }

    /** Receives from either. */
    @Operation(blocking = true)
    public Object receiveReceive() throws InterruptedException {
        return choose(a.onReceive(), b.onReceive(), null);
    }

    /** Sends on the first, or receives from the second. */
    @Operation(blocking = true)
    public Object sendReceive(@Param(name = "value") int value) throws InterruptedException {
        return choose(a.onSend(value), b.onReceive(), null);
    }

    /** Receives from the first, or sends on the second. */
    @Operation(blocking = true)
    public Object receiveSend(@Param(name = "value") int value) throws InterruptedException {
        return choose(a.onReceive(), b.onSend(value), null);
    }

    /** Sends on either. */
    @Operation(blocking = true)
    public Object sendSend(@Param(name = "value") int value) throws InterruptedException {
        return choose(a.onSend(value), b.onSend(value), null);
    }

    /** Receives from either if that needs no waiting. */
    @Operation
    public Object receiveReceiveOtherwise() throws InterruptedException {
        return choose(a.onReceive(), b.onReceive(), otherwise());
    }

    /** Sends on the first or receives from the second if that needs no waiting. */
    @Operation
    public Object sendReceiveOtherwise(@Param(name = "value") int value) throws InterruptedException {
        return choose(a.onSend(value), b.onReceive(), otherwise());
    }

    /** Sends on either if that needs no waiting. */
    @Operation
    public Object sendSendOtherwise(@Param(name = "value") int value) throws InterruptedException {
        return choose(a.onSend(value), b.onSend(value), otherwise());
    }

    private static Object choose(Case<Integer> first, Case<Integer> second, Case<Integer> otherwise)
            throws InterruptedException {
        try {
            Case<? extends Integer> chosen =
                    otherwise == null ? select(first, second) : select(first, second, otherwise);
            if (chosen == otherwise) {
                return OTHERWISE;
            }
            // a send has no value either, but which cases send is known
            return (chosen == first ? "a: " : "b: ") + chosen.value();
        } catch (ChanClosedException e) {
            return CLOSED;
        }
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

    /** Sends on the second channel if that needs no waiting. */
    @Operation
    public Object trySendB(@Param(name = "value") int value) {
        try {
            return b.trySend(value) ? SENT : OTHERWISE;
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

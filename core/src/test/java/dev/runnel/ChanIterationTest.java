package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rule: iteration ends at close; interrupted, it throws and never just ends. */
class ChanIterationTest {

    @RegisterExtension
    final Chans chans = new Chans();

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    @EveryCapacity
    void forLoop_endsWhenClosedAndDrained(int capacity) throws Exception {
        Chan<Integer> chan = chans.make(capacity);
        goroutines.go(() -> {
            for (int i = 0; i < 100; i++) {
                chan.send(i);
            }
            chan.close();
        });
        var received = new ArrayList<Integer>();
        for (int value : chan) {
            received.add(value);
        }
        assertEquals(100, received.size());
        assertEquals(received.stream().sorted().toList(), received);
    }

    @Test
    void forLoop_interrupted_throwsAndSetsTheStatusAgain() throws Exception {
        Chan<Integer> chan = chans.make();
        var received = new ArrayList<Integer>();
        var loop = goroutines.call(() -> {
            try {
                for (int value : chan) {
                    received.add(value);
                }
                return null;
            } catch (UncheckedInterruptedException e) {
                assertInstanceOf(InterruptedException.class, e.getCause());
                return Thread.currentThread().isInterrupted();
            }
        });
        chan.send(1);
        Await.receivers(chan, 1);
        loop.interrupt();
        assertEquals(true, loop.get());
        assertEquals(List.of(1), received);
    }

    @Test
    void next_withoutHasNext_receives() throws Exception {
        Chan<Integer> chan = chans.make(2);
        chan.send(1);
        chan.send(2);
        chan.close();
        Iterator<Integer> all = chan.iterator();
        assertEquals(1, all.next());
        assertTrue(all.hasNext());
        assertTrue(all.hasNext(), "asking again receives nothing more");
        assertEquals(2, all.next());
        assertFalse(all.hasNext());
        assertThrows(NoSuchElementException.class, all::next);
        assertThrows(UnsupportedOperationException.class, all::remove);
    }

    /** It is over for good: asked once more, it does not even look whether it has been interrupted. */
    @Test
    void hasNext_drained_receivesNoMore() {
        Chan<Integer> chan = chans.make();
        chan.close();
        Iterator<Integer> all = chan.iterator();
        assertFalse(all.hasNext());
        Thread.currentThread().interrupt();
        assertFalse(all.hasNext());
        assertTrue(Thread.interrupted());
    }

    @Test
    void severalLoops_shareTheValues() throws Exception {
        Chan<Integer> chan = chans.make();
        var sums = new ArrayList<Goroutines.Started<Integer>>();
        for (int i = 0; i < 4; i++) {
            sums.add(goroutines.call(() -> {
                int sum = 0;
                for (int value : chan) {
                    sum += value;
                }
                return sum;
            }));
        }
        for (int i = 1; i <= 1000; i++) {
            chan.send(i);
        }
        chan.close();
        int sum = 0;
        for (var one : sums) {
            sum += one.get();
        }
        assertEquals(500_500, sum);
        assertNull(chan.receive());
    }
}

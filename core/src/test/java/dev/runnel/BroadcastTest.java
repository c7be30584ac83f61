package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.patterns.Broadcast;
import dev.runnel.patterns.Broadcast.Subscription;
import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rules of a broadcast: who gets what, who misses what, and how all of them end. */
class BroadcastTest {

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    private final CancelContext context = Context.background().withCancel();
    private final Chan<Integer> source = Chan.make();
    private final Broadcast<Integer> broadcast = Broadcast.of(context, source);

    @AfterEach
    void nothingIsLeft() {
        context.cancel();
        Patterns.assertNoneLeft(context);
        assertEquals("Broadcast[ended]", broadcast.toString());
    }

    private static List<Integer> values(Subscription<Integer> subscription) {
        List<Integer> values = new ArrayList<>();
        subscription.channel().forEach(values::add);
        return values;
    }

    @Test
    void subscriptions_thatHaveRoom_getEveryValueInOrder() throws Exception {
        int values = Effort.times(1_000, 1_000_000);
        List<Goroutines.Started<List<Integer>>> reading = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Subscription<Integer> subscription = broadcast.subscribe(values);
            reading.add(goroutines.call(() -> values(subscription)));
        }
        assertEquals("Broadcast[subscriptions=5]", broadcast.toString());
        List<Integer> sent = IntStream.range(0, values).boxed().toList();
        source.sendAll(sent);
        source.close();
        for (var one : reading) {
            assertEquals(sent, one.get());
        }
    }

    @Test
    void subscription_thatIsSlow_losesTheOldestAndHoldsNobodyUp() throws Exception {
        Subscription<Integer> slow = broadcast.subscribe(3);
        Subscription<Integer> fast = broadcast.subscribe(10);
        source.sendAll(IntStream.range(0, 10).boxed().toList());
        source.close();
        assertEquals(IntStream.range(0, 10).boxed().toList(), values(fast));
        assertEquals(List.of(7, 8, 9), values(slow));
        assertEquals(7, slow.missed());
        assertEquals(0, fast.missed());
        assertEquals("Subscription[size=0, missed=7]", slow.toString());
    }

    @Test
    void subscribe_later_getsWhatComesThen() throws Exception {
        Subscription<Integer> early = broadcast.subscribe(10);
        source.send(1);
        assertEquals(1, early.channel().receive());
        Subscription<Integer> late = broadcast.subscribe(10);
        source.send(2);
        source.close();
        assertEquals(List.of(2), values(late));
        assertEquals(List.of(2), values(early));
    }

    @Test
    void close_endsOnlyThisOneAndWhatIsThereCanBeReceived() throws Exception {
        Subscription<Integer> leaving = broadcast.subscribe(10);
        Subscription<Integer> staying = broadcast.subscribe(10);
        source.send(1);
        assertEquals(1, staying.channel().receive());
        Await.until(() -> leaving.channel().size() == 1, () -> "the value");
        leaving.close();
        leaving.close();
        assertEquals("Broadcast[subscriptions=1]", broadcast.toString());
        assertEquals(List.of(1), values(leaving));
        source.send(2);
        source.close();
        assertEquals(List.of(2), values(staying));
        leaving.close();
        staying.close();
        assertNull(staying.channel().receive());
    }

    @Test
    void source_closedWithACause_endsAllWithItAfterTheirValues() throws Exception {
        IOException cause = new IOException("cause");
        List<Subscription<Integer>> all = List.of(broadcast.subscribe(1), broadcast.subscribe(2));
        source.send(1);
        source.close(cause);
        for (Subscription<Integer> one : all) {
            assertEquals(1, one.channel().receive());
            assertSame(cause, assertThrows(ChanClosedException.class, one.channel()::receive).getCause());
        }
        Subscription<Integer> late = broadcast.subscribe(1);
        assertSame(cause, assertThrows(ChanClosedException.class, late.channel()::receive).getCause());
        late.close();
    }

    @Test
    void source_closed_subscribeAfterThatIsClosedToo() throws Exception {
        source.close();
        Await.until(() -> broadcast.toString().equals("Broadcast[ended]"), () -> "the end");
        assertNull(broadcast.subscribe(1).channel().receive());
    }

    @Test
    void cancelled_endsAllWithTheContext() throws Exception {
        Subscription<Integer> subscription = broadcast.subscribe(1);
        source.send(1);
        assertEquals(1, subscription.channel().receive());
        context.cancel(new IOException("why"));
        Patterns.assertCancelled(context, assertThrows(ChanClosedException.class, subscription.channel()::receive));
    }

    @Test
    void subscription_closedWhileItIsGivenValues_isNoMatter() throws Exception {
        // On one carrier, two virtual threads that wake each other in turn starve those that others start.
        var sending = new Goroutines(Thread.ofPlatform().factory()).call(() -> {
            for (int i = 0;; i++) {
                source.send(i, context);
            }
        });
        int rounds = Effort.times(2_000, 1_000_000);
        for (int w = 0; w < 2; w++) {
            goroutines.go(() -> {
                for (int i = 0; i < rounds; i++) {
                    try (Subscription<Integer> one = broadcast.subscribe(1)) {
                        if (i % 3 == 0) {
                            one.channel().receive();
                        }
                    }
                }
            });
        }
        goroutines.join();
        assertEquals("Broadcast[subscriptions=0]", broadcast.toString());
        context.cancel();
        assertEquals(ContextException.class, sending.failure().getClass(), "it was not held up");
    }

    /** Each subscription is closed once, whoever comes first. */
    @Test
    void subscribeAndCloseAgainstTheEnd_closesEachOnce() throws Exception {
        for (int round = 0; round < Effort.times(500, 100_000); round++) {
            try (CancelContext sub = context.withCancel()) {
                Chan<Integer> in = Chan.make();
                Broadcast<Integer> racing = Broadcast.of(sub, in);
                Subscription<Integer> closing = racing.subscribe(1);
                Subscription<Integer> waiting = racing.subscribe(1);
                var subscribing = goroutines.call(() -> racing.subscribe(1).channel().receive());
                var leaving = goroutines.call(() -> {
                    closing.close();
                    return null;
                });
                in.close();
                assertNull(waiting.channel().receive());
                assertNull(subscribing.get());
                assertNull(leaving.get());
                assertNull(closing.channel().receive());
            }
        }
    }

    @Test
    void subscription_closed_isLetGo() throws Exception {
        Subscription<Integer> gone = broadcast.subscribe(1);
        WeakReference<?> reference = new WeakReference<>(gone);
        source.send(1);
        gone.close();
        gone = null;
        source.send(2); // the list that was in use is not any more
        Await.until(() -> {
            System.gc();
            return reference.refersTo(null);
        }, () -> "the subscription to be collected");
        Reference.reachabilityFence(broadcast);
    }

    @Test
    void badInput_saysWhatIsWrong() {
        assertEquals("the context is null",
                assertThrows(NullPointerException.class, () -> Broadcast.of(null, source)).getMessage());
        assertEquals("the source is null: Chan.absent() is a channel on which nothing comes",
                assertThrows(NullPointerException.class, () -> Broadcast.of(context, null)).getMessage());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> broadcast.subscribe(0)).getMessage()
                .startsWith("capacity 0: "));
        assertEquals("Broadcast[subscriptions=0]", broadcast.toString());
    }

    /** The one who gives out has found it in the list, and is held up at the first when the reader closes it. */
    @Test
    void close_whileAValueIsGivenOut_theOthersGetIt() throws Exception {
        Subscription<Integer> first = broadcast.subscribe(10);
        Subscription<Integer> leaving = broadcast.subscribe(10);
        Subscription<Integer> last = broadcast.subscribe(10);
        Await.receivers(source, 1);
        Thread giving = ((Waiter) ((LockedChan<?>) source).firstReceiver).thread;
        LockedChan<?> held = (LockedChan<?>) first.channel();
        held.lockAll();
        try {
            source.send(1);
            Await.until(() -> LockSupport.getBlocker(giving) == held.senderLock, () -> "it to stop at the first");
            leaving.close();
        } finally {
            held.unlockAll();
        }
        source.send(2);
        source.close();
        assertEquals(List.of(1, 2), values(first));
        assertEquals(List.of(), values(leaving));
        assertEquals(List.of(1, 2), values(last));
    }
}

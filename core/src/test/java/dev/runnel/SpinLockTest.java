package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rule: one at a time has the lock, and who has to wait for it gets it. */
class SpinLockTest {

    @RegisterExtension
    final Goroutines threads = new Goroutines(Thread.ofPlatform().factory());

    private final SpinLock lock = new SpinLock();
    private int count;

    /** Each time it is given back just when the other one comes, who mostly has begun to spin by then. */
    @Test
    void lock_twoAtTheSameTime_oneAfterTheOther() throws Exception {
        int rounds = 2_000;
        AtomicInteger held = new AtomicInteger();
        AtomicInteger coming = new AtomicInteger();
        AtomicInteger gone = new AtomicInteger();
        threads.go(() -> {
            for (int i = 1; i <= rounds; i++) {
                awaitAtLeast(i, held);
                coming.set(i);
                lock.lock();
                try {
                    count++;
                } finally {
                    lock.unlock();
                }
                gone.set(i);
            }
        });
        for (int i = 1; i <= rounds; i++) {
            lock.lock();
            try {
                held.set(i);
                awaitAtLeast(i, coming);
                for (int n = 0; n < i % 50; n++) {
                    count++;
                    Thread.onSpinWait();
                    count--;
                }
                count++;
            } finally {
                lock.unlock();
            }
            awaitAtLeast(i, gone);
        }
        threads.join();
        assertEquals(2 * rounds, count);
        assertEquals(0, lock.locked);
    }

    private static void awaitAtLeast(int n, AtomicInteger reached) {
        Await.until(() -> reached.get() >= n, () -> "round " + n);
    }

    /** Both see it free at the same time again and again. */
    @Test
    void lock_byTwoOverAndOver_neverBothHaveIt() throws Exception {
        int times = Effort.times(1_000_000);
        for (int n = 0; n < 2; n++) {
            threads.go(() -> {
                for (int i = 0; i < times; i++) {
                    lock.lock();
                    try {
                        count++;
                    } finally {
                        lock.unlock();
                    }
                }
            });
        }
        threads.join();
        assertEquals(2 * times, count);
    }

    @Test
    void lockUnlessStalled_isHeld_givesUp() {
        assertTrue(lock.lockUnlessStalled());
        assertFalse(lock.lockUnlessStalled());
        lock.unlock();
        lock.awaitFree();
        assertTrue(lock.lockUnlessStalled());
    }
}

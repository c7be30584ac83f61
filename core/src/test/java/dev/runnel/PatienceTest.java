package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rule: spinning goes on while it pays, rests while it does not, and is tried again in short windows. */
@Timeout(60)
class PatienceTest {

    private final Patience patience = new Patience(false);
    private final int most = patience.nanos();

    @BeforeEach
    void needsTwoCarriers() {
        assumeTrue(most > 0, "with one carrier nobody spins");
    }

    /** Lets a number of waits go by. */
    private void waits(int n, boolean paid) {
        for (int i = 0; i < n; i++) {
            patience.learn(patience.nanos(), paid);
        }
    }

    /** Waits in vain until there is a rest, and returns how many waits that took. */
    private int waitsToRest() {
        int n = 0;
        for (; !patience.resting; n++) {
            assertTrue(n < 1000, "no rest");
            waits(1, false);
        }
        return n;
    }

    /** Waits at rest until there is a spin, and returns how many waits that took. */
    private int waitsToSpin(boolean paid) {
        int n = 1;
        for (int nanos; (nanos = patience.nanos()) == 0; n++) {
            patience.learn(nanos, false);
        }
        patience.learn(most, paid);
        return n;
    }

    @Test
    void nanos_spinningPays_areTheMost() {
        waits(1000, true);
        assertEquals(most, patience.nanos());
    }

    @Test
    void nanos_aFewInVain_areFewerAndThenAgainTheMost() {
        waits(10, false);
        int fewer = patience.nanos();
        assertTrue(0 < fewer && fewer < most, "nanoseconds: " + fewer);
        waits(10, true);
        assertEquals(most, patience.nanos());
    }

    @Test
    void rest_spinningPaysHalfOfTheTime_doesNotCome() {
        for (int i = 0; i < 10_000; i++) {
            waits(1, i % 2 == 0);
            assertFalse(patience.isResting());
        }
    }

    @Test
    void rest_spinningIsInVain_comes() {
        assertTrue(waitsToRest() > 10, "a few in vain are no reason");
        assertTrue(patience.resting);
    }

    @Test
    void rest_aWindow_spinsTheMost() {
        waitsToRest();
        assertTrue(patience.isResting());
        int nanos = 0;
        while (nanos == 0) {
            nanos = patience.nanos();
        }
        assertEquals(most, nanos);
        assertFalse(patience.isResting());
    }

    /** A window is 65 of each 2097 microseconds, by the clock. */
    @Test
    void rest_afterAWindow_isNotTried() {
        waitsToRest();
        for (int i = 0; i < 100_000; i++) {
            long before = Clock.nanoTime();
            int nanos = patience.nanos();
            long after = Clock.nanoTime();
            long sinceWindow = (before & (1 << 21) - 1) - (1 << 16);
            if (sinceWindow >= 0 && sinceWindow + (after - before) < (1 << 21) - (1 << 16)) {
                assertEquals(0, nanos);
            }
        }
    }

    @Test
    void learn_notSpun_changesNothing() {
        for (int i = 0; i < 1000; i++) {
            patience.learn(0, false);
        }
        assertFalse(patience.resting);
        assertEquals(most, patience.nanos());
        waitsToRest();
        for (int i = 0; i < 1000; i++) {
            patience.learn(0, true);
        }
        assertTrue(patience.resting);
    }

    @Test
    void rest_outsideOfWindows_parksAtOnce() {
        waitsToRest();
        int parked = 0;
        while (parked < 1000) { // until it is the way from one window to the next
            parked = waitsToSpin(false);
        }
        assertTrue(patience.resting);
    }

    @Test
    void rest_inVainInWindows_lasts() {
        waitsToRest();
        for (int i = 0; i < 1000; i++) {
            waitsToSpin(false);
            assertTrue(patience.resting);
        }
    }

    @Test
    void rest_paysInAWindow_ends() {
        waitsToRest();
        int spins = 0;
        while (patience.resting) {
            waitsToSpin(true);
            spins++;
        }
        assertEquals(4, spins);
        assertEquals(most, patience.nanos());
    }

    @Test
    void rest_inVainInWindows_countsUpToALimit() {
        waitsToRest();
        for (int i = 0; i < 100; i++) {
            waitsToSpin(false);
        }
        waitsToSpin(true);
        waitsToSpin(false);
        int spins = 0;
        while (patience.resting) {
            waitsToSpin(true);
            spins++;
        }
        assertEquals(4, spins, "eight misses, less two, and one more");
    }

    @Test
    void rest_paysOnceInAWhile_lasts() {
        waitsToRest();
        for (int i = 0; i < 300; i++) {
            waitsToSpin(i % 3 == 0);
            assertTrue(patience.resting);
        }
    }

    @Test
    void newPlace_spinningCameToRestElsewhere_beginsAtRest() {
        waitsToRest();
        assertTrue(new Patience().resting);
        while (patience.resting) {
            waitsToSpin(true);
        }
        assertFalse(new Patience().resting);
    }

    /** Patience asks once how many carriers there are: so it is loaded once more, by a loader of its own. */
    @Test
    void nanos_oneCarrier_areNone() throws Exception {
        String property = "jdk.virtualThreadScheduler.parallelism";
        String before = System.setProperty(property, "1");
        try {
            Constructor<?> made = new OwnPatience().loadClass("dev.runnel.Patience").getDeclaredConstructor();
            made.setAccessible(true); // of another package, since of another loader
            Object alone = made.newInstance();
            assertEquals(0, call(alone, "nanos"));
            assertEquals(true, call(alone, "isResting"));
        } finally {
            if (before == null) {
                System.clearProperty(property);
            } else {
                System.setProperty(property, before);
            }
        }
    }

    private static Object call(Object target, String name) throws Exception {
        Method method = target.getClass().getDeclaredMethod(name);
        method.setAccessible(true);
        return method.invoke(target);
    }

    private static final class OwnPatience extends ClassLoader {

        OwnPatience() {
            super(Patience.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals("dev.runnel.Patience")) {
                return super.loadClass(name, resolve);
            }
            try (InputStream in = Patience.class.getResourceAsStream("Patience.class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length, Patience.class.getProtectionDomain());
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}

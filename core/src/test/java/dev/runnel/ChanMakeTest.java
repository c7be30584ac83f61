package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule: a negative capacity is an IllegalArgumentException; 0 is unbuffered. */
class ChanMakeTest {

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE})
    void make_negativeCapacity_throws(int capacity) {
        var e = assertThrows(IllegalArgumentException.class, () -> Chan.make(capacity));
        assertTrue(e.getMessage().startsWith("negative capacity " + capacity), e.getMessage());
    }

    @Test
    void make_moreThanAnArrayCanHave_throws() {
        Exception e = assertThrows(IllegalArgumentException.class, () -> Chan.make(Integer.MAX_VALUE));
        assertTrue(e.getMessage().startsWith("capacity " + Integer.MAX_VALUE + " is too large"), e.getMessage());
    }

    @Test
    void make_withoutCapacity_isUnbuffered() {
        assertEquals(0, Chan.make().capacity());
        assertFalse(Chan.<Integer>make().trySend(1));
    }

    @Test
    void make_zero_isUnbuffered() {
        assertEquals(0, Chan.make(0).capacity());
        assertFalse(Chan.<Integer>make(0).trySend(1));
    }

    @EveryCapacity
    void make_capacity_isThatOpenAndEmpty(int capacity) {
        Chan<Integer> chan = Chan.make(capacity);
        assertEquals(capacity, chan.capacity());
        assertEquals(0, chan.size());
        assertFalse(chan.isDrained());
    }

    @Test
    void toString_tellsTheState() {
        Chan<Integer> chan = Chan.make(3);
        chan.trySend(1);
        assertEquals("Chan[size=1, capacity=3]", chan.toString());
        chan.close();
        assertEquals("Chan[size=1, capacity=3, closed]", chan.toString());
        assertEquals("Chan[absent]", Chan.absent().toString());
    }
}

package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule: who sits in a seat waits until it was served, once, and keeps the seat until it has seen that. */
class WaitQueuesTest {

    private final LockedChan<Integer> chan = new LockedChan<>();

    private static Object outcome(String name) {
        return name.equals("taken") ? WaitQueues.TAKEN : WaitQueues.CLOSED;
    }

    @ParameterizedTest
    @ValueSource(strings = {"taken", "closed"})
    void senderSits_isServedOnce(String name) {
        assertEquals(0, chan.sendersQueued());
        chan.senderSeat = 1;
        assertEquals(1, chan.sendersQueued());
        assertEquals(1, chan.serveSeatedSender(outcome(name)));
        assertEquals(0, chan.sendersQueued());
        assertNull(chan.serveSeatedSender(WaitQueues.TAKEN), "it was served already");
        assertFalse(chan.sitToSend(2), "it is still seated");
        assertEquals(outcome(name), chan.collectFromSeat(true));
        assertFalse(chan.hasSender());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void receiverSits_isServedOnce(boolean open) {
        Object given = open ? 1 : WaitQueues.CLOSED;
        assertEquals(0, chan.receiversQueued());
        chan.receiverSeat = WaitQueues.WAITING;
        assertEquals(1, chan.receiversQueued());
        assertTrue(chan.serveSeatedReceiver(given));
        assertEquals(0, chan.receiversQueued());
        assertFalse(chan.serveSeatedReceiver(2), "it was served already");
        assertFalse(chan.sitToReceive(), "it is still seated");
        assertEquals(given, chan.collectFromSeat(false));
        assertFalse(chan.hasReceiver());
    }
}

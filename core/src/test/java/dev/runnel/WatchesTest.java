package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rule: when somebody new comes to be met, each that sends is told once, and nobody else. */
class WatchesTest {

    @RegisterExtension
    final Chans chans = new Chans();

    private final LockedChan<Integer> chan = (LockedChan<Integer>) chans.<Integer>make();
    private final Watches watches = new Watches();
    private final CaseSetTurns set = new CaseSetTurns();

    private Watch armed(Case<Integer> one) {
        Watch watch = new Watch(set, one, 0);
        watches.arm(watch, true);
        return watch;
    }

    private Watch armedToSend() {
        return armed(chan.onSend(1));
    }

    private Watch armedToReceive() {
        return armed(chan.onReceive());
    }

    private int toldOfNews() {
        int n = 0;
        for (; watches.hasNews(); n++) {
            watches.tell(watches.firstToSend(), chan);
        }
        return n;
    }

    @Test
    void arm_firstToReceive_allThatSendAreToldOnce() {
        List<Watch> sending = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sending.add(armedToSend());
        }
        assertFalse(watches.hasNews());
        armedToReceive();
        assertEquals(3, toldOfNews());
        for (Watch watch : sending) {
            assertTrue(watch.listed);
            assertFalse(watch.armed);
            watches.arm(watch, true);
            assertTrue(watch.nodeNeeded);
        }
        assertFalse(watches.hasNews(), "they know of it by now");
    }

    @Test
    void disarm_oneThatIsToBeTold_theOthersAreToldAllTheSame() {
        for (int gone = 0; gone < 3; gone++) {
            List<Watch> sending = List.of(armedToSend(), armedToSend(), armedToSend());
            Watch receiving = armedToReceive();
            watches.disarm(sending.get(gone));
            watches.leave(sending.get(gone));
            assertEquals(2, toldOfNews());
            sending.forEach(watches::leave);
            watches.disarm(receiving);
            assertTrue(watches.leave(receiving), "it is the last one");
        }
    }

    /** What has come and gone before is of no concern to who comes later. */
    @Test
    void disarm_allThatAreToBeTold_nobodyIs() {
        Watch first = armedToSend();
        armedToReceive();
        watches.disarm(first);
        watches.leave(first);
        assertFalse(watches.hasNews());
        armedToSend();
        assertFalse(watches.hasNews());
    }

    @Test
    void tell_oneThatReceives_leavesTheNewsToThoseThatSend() {
        armedToSend();
        Watch receiving = armedToReceive();
        watches.tell(receiving, chan);
        assertTrue(receiving.listed);
        assertEquals(1, toldOfNews());
    }

    @Test
    void tell_oneThatSendsWithoutNews_leavesNoneForOthers() {
        Watch sending = armedToSend();
        watches.tell(sending, chan);
        assertTrue(sending.listed);
        armedToSend();
        armedToSend();
        armedToReceive();
        assertEquals(2, toldOfNews());
    }
}

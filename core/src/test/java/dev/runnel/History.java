package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.runnel.Model.OnChan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What goroutines did on some channels, each operation with the stamps of its call and its return; and the rules that
 * hold for it, whatever the schedule was. Stamps are drawn from one counter, so that all of them differ and are ordered
 * as the calls and returns were.
 *
 * <p>An event is known to have taken effect somewhere between its stamps. So a value is <i>surely</i> there from the
 * return of its send to the call of its receive, and <i>possibly</i> from the call of its send to the return of its
 * receive; the rules are wrong only where this leaves no other explanation. The stretches between two neighbouring
 * stamps are called gaps: gap t follows stamp t.
 */
final class History {

    sealed interface Event {
        int invoked();

        int returned();
    }

    record Sent(int invoked, int returned, int chan, Object value) implements Event {}

    record Received(int invoked, int returned, int chan, Object value) implements Event {}

    /** A receive that the channel's being closed has ended, or the answer that the channel is drained. */
    record Drained(int invoked, int returned, int chan) implements Event {}

    /** A tryReceive that has given null. */
    record Empty(int invoked, int returned, int chan) implements Event {}

    /** An operation for which none of these was ready. */
    record NoneReady(int invoked, int returned, List<OnChan> cases) implements Event {}

    /** An operation that found one of these channels closed, to which it would have sent. */
    record Refused(int invoked, int returned, List<Integer> chans) implements Event {}

    record Closed(int invoked, int returned, int chan, boolean succeeded) implements Event {}

    record Size(int invoked, int returned, int chan, int size) implements Event {}

    /** The way of a value. */
    private record Passage(Sent sent, Received received) {}

    /** What happened on one channel. */
    private final class Channel {
        final int capacity;
        final Map<Object, Sent> sent = new HashMap<>();
        final Map<Object, Received> received = new HashMap<>();
        final List<Passage> passages = new ArrayList<>();

        /** How many values were there for sure, and possibly, in each gap. */
        final int[] surely = new int[stamps];
        final int[] possibly = new int[stamps];

        Closed closed;

        Channel(int capacity) {
            this.capacity = capacity;
        }

        boolean surelyReady(boolean sends, int gap) {
            return surelyClosed(gap) || (sends ? possibly[gap] < capacity : surely[gap] > 0);
        }

        boolean surelyClosed(int gap) {
            return closed != null && closed.returned <= gap;
        }

        boolean surelyOpen(int gap) {
            return closed == null || gap < closed.invoked;
        }
    }

    private final Collection<? extends Event> events;
    private final int stamps;
    private final List<Channel> channels = new ArrayList<>();

    /**
     * A history that is over: all channels are drained in the end.
     *
     * @param stamps how many stamps there are, from 0
     */
    History(int[] capacities, Collection<? extends Event> events, int stamps) {
        this.events = events;
        this.stamps = stamps;
        for (int capacity : capacities) {
            channels.add(new Channel(capacity));
        }
    }

    /** Fails if no order of what happened explains what was seen. */
    void check() {
        for (Event event : events) {
            sortIn(event);
        }
        for (Channel channel : channels) {
            checkNothingLostOrInvented(channel);
            checkCausality(channel);
            checkOrder(channel);
            checkCapacity(channel);
            count(channel);
        }
        for (Event event : events) {
            check(event);
        }
    }

    private void sortIn(Event event) {
        switch (event) {
            case Sent sent -> assertEquals(null, channels.get(sent.chan).sent.put(sent.value, sent), "sent twice");
            case Received received -> {
                Received before = channels.get(received.chan).received.put(received.value, received);
                if (before != null) {
                    fail("received twice: " + before + ", " + received);
                }
            }
            case Closed closed when closed.succeeded -> {
                Channel channel = channels.get(closed.chan);
                if (channel.closed != null) {
                    fail("closed twice: " + channel.closed + ", " + closed);
                }
                channel.closed = closed;
            }
            default -> {
                // says something about those
            }
        }
    }

    private static void checkNothingLostOrInvented(Channel channel) {
        for (Received received : channel.received.values()) {
            Sent sent = channel.sent.get(received.value);
            if (sent == null) {
                fail("received, and not sent on this channel: " + received);
            }
            channel.passages.add(new Passage(sent, received));
        }
        for (Sent sent : channel.sent.values()) {
            if (!channel.received.containsKey(sent.value)) {
                fail("lost: " + sent);
            }
        }
    }

    /** No receive returns before its send is called; unbuffered, no send returns before its receive is called. */
    private static void checkCausality(Channel channel) {
        for (Passage passage : channel.passages) {
            if (passage.received.returned < passage.sent.invoked) {
                fail("received before it was sent: " + passage);
            }
            if (channel.capacity == 0 && passage.sent.returned < passage.received.invoked) {
                fail("no rendezvous, the send had returned before: " + passage);
            }
        }
    }

    /** First in, first out: of two sends one of which was over before the other began, so for their receives. */
    private static void checkOrder(Channel channel) {
        List<Passage> bySend = sorted(channel.passages, p -> p.sent.invoked);
        List<Passage> bySent = sorted(channel.passages, p -> p.sent.returned);
        int over = 0;
        Passage latest = null; // of those whose send was over, the one whose receive was called last
        for (Passage passage : bySend) {
            while (bySent.get(over).sent.returned < passage.sent.invoked) {
                Passage candidate = bySent.get(over++);
                if (latest == null || candidate.received.invoked > latest.received.invoked) {
                    latest = candidate;
                }
            }
            if (latest != null && passage.received.returned < latest.received.invoked) {
                fail("overtaken: " + latest + " by " + passage);
            }
        }
    }

    /** The k-th receive is called before the (k + capacity)-th send returns. */
    private static void checkCapacity(Channel channel) {
        List<Passage> bySent = sorted(channel.passages, p -> p.sent.returned);
        List<Passage> byReceive = sorted(channel.passages, p -> p.received.invoked);
        for (int k = 0; k + channel.capacity < bySent.size(); k++) {
            Sent sent = bySent.get(k + channel.capacity).sent;
            Received received = byReceive.get(k).received;
            if (sent.returned < received.invoked) {
                fail("more than " + channel.capacity + " values in the buffer, before " + received + " at " + sent);
            }
        }
    }

    private interface Stamp {
        int of(Passage passage);
    }

    private static List<Passage> sorted(List<Passage> passages, Stamp stamp) {
        List<Passage> sorted = new ArrayList<>(passages);
        sorted.sort(Comparator.comparingInt(stamp::of));
        return sorted;
    }

    private static void count(Channel channel) {
        for (Passage passage : channel.passages) {
            if (passage.sent.returned < passage.received.invoked) {
                channel.surely[passage.sent.returned]++;
                channel.surely[passage.received.invoked]--;
            }
            channel.possibly[passage.sent.invoked]++;
            channel.possibly[passage.received.returned]--;
        }
        for (int t = 1; t < channel.surely.length; t++) {
            channel.surely[t] += channel.surely[t - 1];
            channel.possibly[t] += channel.possibly[t - 1];
        }
    }

    private void check(Event event) {
        switch (event) {
            case Sent sent -> {
                if (channels.get(sent.chan).surelyClosed(sent.invoked)) {
                    fail("sent on a closed channel: " + sent + ", " + channels.get(sent.chan).closed);
                }
            }
            case Received received -> {
                // said above
            }
            case Empty empty -> checkEmpty(empty, empty.chan);
            case Drained drained -> checkDrained(drained);
            case NoneReady none -> checkNoneReady(none);
            case Refused refused -> {
                if (refused.chans.stream().allMatch(chan -> channels.get(chan).surelyOpen(refused.returned))) {
                    fail("refused by an open channel: " + refused);
                }
            }
            case Closed closed -> {
                Channel channel = channels.get(closed.chan);
                if (!closed.succeeded && channel.surelyOpen(closed.returned)) {
                    fail("refused to close an open channel: " + closed);
                }
            }
            case Size size -> checkSize(size);
        }
    }

    private void checkEmpty(Event event, int chan) {
        Channel channel = channels.get(chan);
        for (int gap = event.invoked(); gap < event.returned(); gap++) {
            if (channel.surely[gap] == 0) {
                return;
            }
        }
        fail("empty, though there was a value all the time: " + event);
    }

    private void checkDrained(Drained drained) {
        Channel channel = channels.get(drained.chan);
        if (channel.surelyOpen(drained.returned)) {
            fail("drained, though open: " + drained + ", " + channel.closed);
        }
        checkEmpty(drained, drained.chan);
        for (Received received : channel.received.values()) {
            if (drained.returned < received.invoked) {
                fail("drained, and after that " + received);
            }
        }
    }

    private void checkNoneReady(NoneReady none) {
        for (int gap = none.invoked; gap < none.returned; gap++) {
            int at = gap;
            if (none.cases.stream().noneMatch(c -> channels.get(c.chan()).surelyReady(c.sends(), at))) {
                return;
            }
        }
        fail("at no instant was none of its cases ready: " + none);
    }

    private void checkSize(Size size) {
        Channel channel = channels.get(size.chan);
        int least = Integer.MAX_VALUE;
        int most = 0;
        for (int gap = size.invoked; gap < size.returned; gap++) {
            least = Math.min(least, channel.surely[gap]);
            most = Math.max(most, channel.possibly[gap]);
        }
        if (size.size < least || size.size > Math.min(most, channel.capacity)) {
            fail("a size that it never had, from " + least + " to " + most + ": " + size);
        }
    }
}

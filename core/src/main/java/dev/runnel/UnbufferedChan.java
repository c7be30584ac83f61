package dev.runnel;

import org.jspecify.annotations.Nullable;

/**
 * An unbuffered channel: each value goes from a sender to a receiver, and there is nothing else.
 *
 * <p><b>Without the lock.</b> Who would meet nobody, and is not to wait, only looks: at the seat, at the queue, and
 * then at {@code closed}. So any number of goroutines may ask again and again whether a channel was closed, without
 * getting into each other's way. What a look may miss is a goroutine that is about to wait. It is as if that one came a
 * moment later: nobody has met it, so its operation is still going on and has had no effect, and until it parks nobody
 * can know that it has got so far. One that moves from the seat to the queue is not missed, for it joins the queue
 * before it gives the seat back; nor is a close that is over: of two goroutines that each close a channel and then look
 * at the other's, one sees it, for {@code closed} is volatile. The linearization point of what fails in this way is the
 * look at the queue; that the channel was open is seen after it, and was so before.
 *
 * <p>A receive that sees the channel closed need not lock it either, unless somebody else has: a close that is still
 * under way is waited for, as what becomes visible with it, such as the end of a context, does so by its release of the
 * lock.
 *
 * <p>That goes for one channel. A select over several with {@code otherwise} takes their locks: between two looks a
 * goroutine that has been waiting at the one could be served, after another has come to wait at the other, and there
 * would be no instant at which none was ready.
 *
 * <p>A buffer has more to miss: a value, or room, that an operation has left there which is over. The unlock of that is
 * a release store, and two goroutines that each send to one channel and then look at the other could both see nothing;
 * {@link SlotChan} and {@link RingChan} therefore look at the lock first. Go's {@code chan.go} looks like this at any
 * channel, as its unlock is a full fence.
 *
 * @param <T> the type of the values
 */
final class UnbufferedChan<T extends Object> extends LockedChan<T> {

    UnbufferedChan() {
        this(new Patience());
    }

    /** One whose spinning somebody else decides on: a test, which may have it fail. */
    UnbufferedChan(Patience patience) {
        super(patience);
    }

    @Override
    @Nullable
    Object offer(T value) {
        return seemsAwaited(false) || closed ? super.offer(value) : null;
    }

    @Override
    @Nullable
    Object poll() {
        if (seemsAwaited(true)) {
            return super.poll();
        }
        if (!closed) {
            return null;
        }
        return locked == 0 ? CLOSED : super.poll();
    }
}

package dev.runnel;

import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Goroutines that do one piece of work together: they are started in a {@code try} and have all ended when it has; the
 * first that fails stops the others, and its failure is that of the group. It is Go's {@code errgroup.Group}, with an
 * end that cannot be forgotten.
 *
 * {@snippet file="dev/runnel/snippets/GroupSnippets.java" region="group"}
 *
 * <p>A task gets at the {@link #context()} of the group, which is done once a task has failed, the context that the
 * group was opened with is done, or the group is closed. At that the goroutines of the group are interrupted, too, so
 * that what they wait for need not know of the context. A goroutine whose task has ended is not interrupted any more.
 * Tasks that have not begun by then are not run.
 *
 * <p><b>Failures.</b> What a task throws, whatever it is, is its failure. The first failure of the group comes out of
 * {@link #await()} as it is; those that follow are {@linkplain Throwable#addSuppressed suppressed} in it. Those that
 * only tell that a task was stopped are left out: once the context is done, an {@link InterruptedException}, an {@link
 * UncheckedInterruptedException}, a {@link ClosedByInterruptException} or a {@link ContextException}.
 *
 * <p><b>Memory consistency effects.</b> What a thread did before it gave a task to the group happens-before the task,
 * and the task before the return of each {@link #await()} or {@link #close()} that has waited for it.
 *
 * <p>Any thread may use a group, those of its own tasks included; but a task that awaits or closes its own group waits
 * for itself.
 */
@SuppressWarnings("exports") // of JSpecify: a module that uses Runnel need not have it
public final class Group implements AutoCloseable {
    // Half of this is documentation; Member and Interrupter are inside because the group's lock guards them.
    //
    // A goroutine of the group is a Member from before it is started to when its task has ended; so long it stands in a
    // ring, under the lock.
    //
    // - Nobody misses the end of the context: who starts a task puts it into the ring and looks at the context after
    //   that; who ends the context comes to interrupt after that has ended. Either he finds the member in the ring, or
    //   it finds the context done, and leaves.
    // - Members are interrupted one by one, while no lock is held, and go to the end of the ring when it is their turn;
    //   when one comes up that has had its turn, they all have. One that is interrupted between the end of its task and
    //   the end of its thread does nothing there that could be.
    // - failure is set once, under the lock, before the context is cancelled because of it: that is when the first
    //   failure is decided. All others are added to it before their goroutines are counted as ended.
    // - running counts the members, and those that are about to become one. It goes down after all else.

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Context parent;
    private final CancelContext context;

    /** A value for each of the goroutines there are, in a buffer as large as the limit; null if there is none. */
    private final @Nullable Chan<Boolean> places;

    private final WaitGroup running = new WaitGroup();
    private final SpinLock lock = new SpinLock();
    private @Nullable Member members;
    private volatile @Nullable Throwable failure;

    /** Whether somebody was told of the failure. */
    private volatile boolean reported;

    private volatile boolean closed;

    /** How long close waits before it complains; for tests. */
    Duration patience = PATIENCE;

    private Group(Context parent, @Nullable Chan<Boolean> places) {
        this.parent = parent;
        this.context = parent.withCancel();
        this.places = places;
    }

    /**
     * Opens a group of any number of goroutines. Open it in a {@code try}, whose end closes it.
     *
     * <p>Go: {@code g, ctx := errgroup.WithContext(ctx)}.
     *
     * @param context what the group works under, not null: when it is done, the group is stopped
     * @return a new group
     * @throws NullPointerException if the context is null
     */
    public static Group open(Context context) {
        return open(context, (Chan<Boolean>) null);
    }

    /**
     * Opens a group of which no more than a number of goroutines run at once.
     *
     * {@snippet file="dev/runnel/snippets/GroupSnippets.java" region="limit"}
     *
     * <p>Go: {@code g.SetLimit(limit)}.
     *
     * @param context what the group works under, not null: when it is done, the group is stopped
     * @param limit how many may run at once, at least 1; it costs some bytes for each, at once
     * @return a new group
     * @throws NullPointerException if the context is null
     * @throws IllegalArgumentException if the limit is less than 1
     */
    public static Group open(Context context, int limit) {
        Objects.requireNonNull(context, "the context is null");
        if (limit < 1) {
            throw new IllegalArgumentException(
                    "limit " + limit + ": give 1 or more, or none to let any number of goroutines run at once");
        }
        return open(context, Chan.make(limit));
    }

    private static Group open(Context context, @Nullable Chan<Boolean> places) {
        Group group = new Group(Objects.requireNonNull(context, "the context is null"), places);
        Cancellation cancellation = group.context.cancellation();
        if (cancellation != null) {
            cancellation.add(group.new Interrupter());
        }
        return group;
    }

    /**
     * What the tasks work under: derived from the context that the group was opened with. It is done when that is, when
     * a task has failed, with the failure as its {@linkplain Context#cause() cause}, and when the group is closed.
     *
     * @return the context of the group
     */
    public Context context() {
        return context;
    }

    /**
     * Starts a goroutine of the group that runs a task.
     *
     * <p>If the group's context is done, it does nothing: there is no need for the task any more, and {@link #await()}
     * or {@link #close()} tells why.
     *
     * <p><b>Blocks</b> while as many goroutines run as the limit allows, and not at all if there is none; a goroutine
     * that ends, or the end of the context, ends the wait. Who waits is served in order. If all tasks wait here to
     * start others, none ever ends: use {@link #tryGo} there.
     *
     * <p><b>Interruption</b> is looked at on entry and while waiting, if there is a limit. Go: {@code g.Go(f)}.
     *
     * @param task what to run, not null
     * @throws NullPointerException if the task is null
     * @throws IllegalStateException if the group was closed
     * @throws InterruptedException if there is a limit and the thread is interrupted; the task is not run
     */
    public void go(Task task) throws InterruptedException {
        Objects.requireNonNull(task, "the task is null");
        checkOpen();
        Member member = new Member(task);
        if (places == null || takePlace(places)) {
            start(member);
        }
    }

    /**
     * Starts a goroutine of the group that runs a task, if the limit allows it now; else as {@link #go}.
     *
     * <p>It does not block and does not look at the interrupt status. Go: {@code g.TryGo(f)}.
     *
     * @param task what to run, not null
     * @return whether it was started; not if as many run as the limit allows, or if the group's context is done
     * @throws NullPointerException if the task is null
     * @throws IllegalStateException if the group was closed
     */
    public boolean tryGo(Task task) {
        Objects.requireNonNull(task, "the task is null");
        checkOpen();
        Member member = new Member(task); // before the place is taken: it may find no memory
        return (places == null || places.trySend(true)) && start(member);
    }

    /**
     * Starts a goroutine of the group that computes something; else as {@link #go}.
     *
     * {@snippet file="dev/runnel/snippets/GroupSnippets.java" region="results"}
     *
     * @param <T> the type of the result
     * @param task what to call, not null; it may return null
     * @return where the result is once the task has ended; a task that is not run has none
     * @throws NullPointerException if the task is null
     * @throws IllegalStateException if the group was closed
     * @throws InterruptedException if there is a limit and the thread is interrupted; the task is not run
     */
    public <T extends @Nullable Object> Result<T> call(Callable<? extends T> task) throws InterruptedException {
        Objects.requireNonNull(task, "the task is null");
        Result<T> result = new Result<>();
        go(() -> result.outcome = new Outcome<T>(task.call()));
        return result;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the group is closed: start its goroutines before the end of its try");
        }
    }

    /** Waits for a place; gives false if the context is done first. */
    private boolean takePlace(Chan<Boolean> from) throws InterruptedException {
        Waiter.checkInterrupt();
        if (from.trySend(true)) {
            return true;
        }
        Case<Boolean> place = from.onSend(true);
        return Go.select(context.done().onReceive(done -> {}), place) == place;
    }

    /** Starts a member that has its place, unless the context is done. */
    private boolean start(Member member) {
        running.add(1);
        boolean started = false;
        try {
            join(member);
            if (context.err() == null) {
                Go.go(member::run);
                started = true;
            }
        } finally {
            if (!started) {
                leave(member);
                end();
            }
        }
        return started;
    }

    private void join(Member member) {
        lock.lock();
        try {
            members = (Member) Dependent.joined(members, member);
        } finally {
            lock.locked = 0;
        }
    }

    private void leave(Member member) {
        lock.lock();
        try {
            Dependent rest = Dependent.without(member);
            if (members == member) {
                members = (Member) rest;
            }
        } finally {
            lock.locked = 0;
        }
    }

    /** Takes note of the thread that is to run a member's task; gives false if the task is not to be run any more. */
    private boolean begin(Member member, Thread thread) {
        lock.lock();
        try {
            member.thread = thread;
            return !member.stopped;
        } finally {
            lock.locked = 0;
        }
    }

    /** Gives back the place of one that has left. */
    private void end() {
        if (places != null) {
            places.tryReceive();
        }
        running.done();
    }

    private void failed(Throwable thrown) {
        boolean echo = isEcho(thrown);
        Throwable first;
        lock.lock();
        try {
            first = failure;
            if (first == null && !echo) {
                failure = thrown;
            }
        } finally {
            lock.locked = 0;
        }
        if (first == null && !echo) {
            context.cancel(thrown);
        } else if (first != null && first != thrown && !echo) {
            first.addSuppressed(thrown);
        }
    }

    /** Whether what a task has thrown only tells that it was stopped. */
    private boolean isEcho(Throwable thrown) {
        return context.err() != null && (thrown instanceof InterruptedException
                || thrown instanceof UncheckedInterruptedException || thrown instanceof ClosedByInterruptException
                || thrown instanceof ContextException);
    }

    /**
     * Waits until all goroutines of the group have ended, those too that are started meanwhile. If a task has failed,
     * it throws what the first one to fail has thrown. It may be called again, and more goroutines be started after it,
     * unless the group has failed.
     *
     * <p><b>Blocks</b> while a goroutine of the group runs. The first failure does not end the wait, but it stops the
     * other tasks.
     *
     * <p><b>Interruption</b> is looked at on entry and while waiting. It does not stop the group; {@link #close()}
     * does.
     *
     * <p>Go: {@code err := g.Wait()}.
     *
     * @throws ContextException if no task has failed, but the context that the group was opened with is done, as {@link
     *     Context#check()} throws it
     * @throws InterruptedException if the thread is interrupted on entry or while it waits
     * @throws Exception what the first task to fail has thrown: that very object, be it an exception or not, with the
     *     failures of others suppressed
     */
    public void await() throws InterruptedException, Exception {
        running.await();
        Throwable first = failure;
        if (first != null) {
            reported = true;
            throw Go.<RuntimeException>unchecked(first);
        }
        parent.check();
    }

    /**
     * Ends the group: cancels its context, by which what still runs is interrupted, and waits until all goroutines have
     * ended. After an {@link #await()} none is left, and it returns at once.
     *
     * <p><b>Blocks</b> while a goroutine of the group runs. If that takes more than ten seconds, a warning names one of
     * those that do not end, with its stack, in the {@linkplain System.Logger log} {@code dev.runnel}; and again each
     * time that has taken twice as long.
     *
     * <p><b>Interruption</b> does not end the wait: nothing of the group outlives it. The status is set again.
     *
     * <p>To close it again does nothing. Go has no such thing: there, what was not waited for goes on.
     *
     * @throws CompletionException if a task has failed and no {@code await} has thrown that; what was thrown is its
     *     cause
     */
    @Override
    public void close() {
        try {
            context.close();
        } finally {
            if (context.err() != null) { // else nobody has been told: out of memory, say
                awaitEnd();
                closed = true;
            }
        }
        Throwable first = failure;
        if (first != null && !reported) {
            reported = true;
            throw new CompletionException("a task has failed, and nobody has called await to be told", first);
        }
    }

    private void awaitEnd() {
        boolean interrupted = false;
        Duration longest = patience;
        Case<Object> late = Go.after(longest);
        for (LockedChan<?> gate; (gate = running.gate()) != null;) {
            try {
                if (Go.select(gate.onReceive(ended -> {}), late) == late) {
                    warn(longest);
                    late = Go.after(longest);
                    longest = longest.multipliedBy(2);
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Names a goroutine that does not end. */
    private void warn(Duration waited) {
        Thread thread = oneOfThreads();
        if (thread != null) {
            StringBuilder text = new StringBuilder("close of a group has been waiting for ").append(waited)
                    .append(": it was cancelled and interrupted, but does not end: ")
                    .append(thread);
            for (StackTraceElement frame : thread.getStackTrace()) {
                text.append("\n\tat ").append(frame);
            }
            System.getLogger("dev.runnel").log(System.Logger.Level.WARNING, text.toString());
        }
    }

    private @Nullable Thread oneOfThreads() {
        lock.lock();
        try {
            return members == null ? null : members.thread;
        } finally {
            lock.locked = 0;
        }
    }

    /** Counts the goroutines and tells whether the group goes on. */
    @Override
    public String toString() {
        return "Group[" + running + ", " + context + "]";
    }

    /**
     * One goroutine of the group. All fields are guarded by the group's lock; the thread is also read without it once
     * the group has been stopped, for whoever begins after that does not run the task.
     */
    private final class Member extends Dependent {

        private final Task task;

        /** Null until it has begun. */
        private @Nullable Thread thread;

        /** Whether it has had its turn to be interrupted. */
        private boolean stopped;

        Member(Task task) {
            this.task = task;
        }

        void run() {
            Throwable thrown = null;
            try {
                if (begin(this, Thread.currentThread())) {
                    task.run();
                }
            } catch (Throwable e) {
                thrown = e;
            }
            leave(this);
            try {
                if (thrown != null) {
                    failed(thrown);
                }
            } finally {
                end();
            }
        }

        /** Is interrupted, if it has begun: if not, it never will. */
        @Override
        @SuppressWarnings("Interruption") // of a thread that is the group's own
        void parentEnded() {
            Thread begun = thread;
            if (begun != null) {
                begun.interrupt();
            }
        }
    }

    /** Interrupts all goroutines of the group when its context is done. */
    private final class Interrupter extends Dependent {

        @Override
        void parentEnded() {
            for (Member next; (next = next()) != null;) {
                next.parentEnded();
            }
        }

        /** The one whose turn it is; null if all have had theirs. */
        private @Nullable Member next() {
            lock.lock();
            try {
                Member next = members;
                if (next == null || next.stopped) {
                    return null;
                }
                next.stopped = true;
                members = (Member) next.next;
                return next;
            } finally {
                lock.locked = 0;
            }
        }
    }

    /**
     * The result of a task of a group; see {@link Group#call}.
     *
     * @param <T> the type of the result
     */
    public static final class Result<T extends @Nullable Object> {

        private volatile @Nullable Outcome<T> outcome;

        private Result() {}

        /**
         * The result, once the task has ended without failing; in any case after an {@link Group#await()} that has
         * returned and before which the task was started.
         *
         * <p>It does not block. What the task did happens-before its return.
         *
         * @return the result
         * @throws IllegalStateException if the task has not ended, has failed or was not run
         */
        public T get() {
            Outcome<T> known = outcome;
            if (known == null) {
                throw new IllegalStateException("there is no result: the task has not ended, has failed or was not"
                        + " run; ask for it after await has returned");
            }
            return known.value();
        }
    }

    /** What a task has returned, which may be null. */
    private record Outcome<T extends @Nullable Object>(T value) {}
}

package dev.runnel;

import java.time.Duration;
import java.time.Instant;

/** A timer that starts a goroutine; see {@link Timer#afterFunc}. */
final class FuncTimer extends Alarm implements Timer {

    private final Task task;

    FuncTimer(Task task) {
        this.task = task;
    }

    @Override
    void ring() {
        Go.go(task);
    }

    @Override
    public ReceiveChan<Instant> channel() {
        return Chan.absent();
    }

    @Override
    public boolean stop() {
        return unset();
    }

    @Override
    public boolean reset(Duration duration) {
        return set(Clock.deadlineAfter(TimerChan.checkDuration(duration)));
    }
}

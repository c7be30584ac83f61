package dev.runnel.snippets;

import static dev.runnel.Go.after;
import static dev.runnel.Go.go;
import static dev.runnel.Go.otherwise;
import static dev.runnel.Go.select;
import static dev.runnel.Go.selectFirst;
import static java.time.Duration.ofMinutes;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.runnel.Case;
import dev.runnel.Chan;
import dev.runnel.SendCase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The snippets of the documentation of select. */
class SelectSnippets {

    private final List<Object> printed = new ArrayList<>();

    private void println(Object line) {
        printed.add(line);
    }

    @Test
    void handlers() throws InterruptedException {
        Chan<String> ch1 = Chan.make();
        Chan<String> ch2 = Chan.make(1);
        Chan<String> log = Chan.make();
        ch2.send("Message from Channel 2");
        // @start region="handlers"
        select(
                ch1.onReceive(msg -> println(msg)),
                ch2.onReceive(msg -> println(msg)),
                log.onSend("line", () -> println("logged")),
                after(ofMinutes(1), () -> println("timeout")),
                otherwise(() -> println("nothing ready"))); // Go's default
        // @end
        assertEquals(List.of("Message from Channel 2"), printed);
    }

    @Test
    void value() throws InterruptedException {
        Chan<String> ch1 = Chan.make();
        Chan<String> ch2 = Chan.make(1);
        ch2.send("Message from Channel 2");
        // @start region="value"
        String first = select(ch1.onReceive(), ch2.onReceive(), after(ofMinutes(1))).value(); // null after a minute
        // @end
        assertEquals("Message from Channel 2", first);
    }

    @Test
    void handles() throws InterruptedException {
        Chan<Integer> jobs = Chan.make();
        Chan<Boolean> done = Chan.make();
        go(() -> {
            for (int j = 1; j <= 3; j++) {
                jobs.send(j);
            }
            done.close();
        });
        // @start region="handles"
        Case<Integer> job = jobs.onReceive();
        Case<Boolean> quit = done.onReceive();
        while (select(job, quit) == job) {
            println(job.value());
        }
        // @end
        assertEquals(List.of(1, 2, 3), printed);
    }

    @Test
    void receiveHandle() throws InterruptedException {
        Chan<Integer> ticks = Chan.make(1);
        Chan<Boolean> done = Chan.make();
        ticks.send(1);
        // @start region="receive-handle"
        Case<Integer> tick = ticks.onReceive();
        if (select(tick, done.onReceive()) == tick) {
            println("tick " + tick.value());
        }
        // @end
        assertEquals(List.of("tick 1"), printed);
    }

    @Test
    void sendHandle() throws InterruptedException {
        Chan<Integer> out = Chan.make(10);
        Chan<Boolean> done = Chan.make();
        // @start region="send-handle"
        SendCase<Integer> send = out.onSend();
        Case<Boolean> quit = done.onReceive();
        for (int i = 0; i < 10 && select(send.with(i), quit) == send; i++) {
            println("sent " + i);
        }
        // @end
        assertEquals(10, printed.size());
        assertEquals(0, out.receive());
    }

    @Test
    void absent() throws InterruptedException {
        Chan<Integer> a = Chan.make(2);
        Chan<Integer> b = Chan.make(1);
        a.send(1);
        a.send(2);
        a.close();
        b.send(3);
        b.close();
        // @start region="absent"
        // prints what comes over a and b, until both are closed
        Case<Integer> fromA = a.onReceive();
        Case<Integer> fromB = b.onReceive();
        for (int open = 2; open > 0;) {
            Case<? extends Integer> chosen = select(fromA, fromB);
            if (chosen.value() != null) {
                println(chosen.value());
            } else if (chosen == fromA) {
                fromA = Chan.<Integer>absent().onReceive(); // switched off
                open--;
            } else {
                fromB = Chan.<Integer>absent().onReceive();
                open--;
            }
        }
        // @end
        assertEquals(3, printed.size());
    }

    private void begin(String job, Chan<String> done) {
        println(job);
        if (job.equals("b")) {
            done.close();
        }
    }

    @Test
    void first() throws InterruptedException {
        Chan<String> jobs = Chan.make(3);
        Chan<String> done = Chan.make();
        jobs.send("a");
        jobs.send("b");
        jobs.send("c");
        // @start region="first"
        Case<String> quit = done.onReceive(); // once that is closed, no job is begun, however many there are
        Case<String> job = jobs.onReceive();
        while (selectFirst(quit, job) == job) {
            begin(job.value(), done);
        }
        // @end
        assertEquals(List.of("a", "b"), printed);
    }
}

package dev.runnel.snippets;

import static dev.runnel.Go.go;
import static dev.runnel.Go.select;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.Case;
import dev.runnel.Chan;
import dev.runnel.Context;
import dev.runnel.ContextException;
import java.io.Closeable;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The snippets of the documentation of contexts. */
class ContextSnippets {

    private int worked;

    private void work(int job) {
        worked += job;
    }

    @Test
    void cancel() throws Exception {
        Chan<Integer> numbers = Chan.make();
        // @start region="cancel"
        try (var ctx = Context.background().withCancel()) {
            go(() -> count(ctx, numbers)); // until ctx is done
            for (int n : numbers) {
                if (n == 5) {
                    break;
                }
            }
        } // cancels ctx: the goroutine ends
          // @end
        while (!numbers.isDrained()) {
            assertNull(numbers.tryReceive());
        }
    }

    private static void count(Context ctx, Chan<Integer> numbers) throws InterruptedException {
        try {
            for (int n = 1;; n++) {
                select(numbers.onSend(n), ctx.onDone());
            }
        } catch (ContextException e) {
            numbers.close();
        }
    }

    @Test
    void selects() throws Exception {
        Chan<Integer> jobs = Chan.make();
        var ctx = Context.background().withCancel();
        go(() -> {
            jobs.send(1);
            jobs.send(2);
            ctx.cancel(new IOException("the line is dead"));
        });
        var e = assertThrows(ContextException.class, () -> {
            // @start region="select"
            Case<Integer> job = jobs.onReceive();
            Case<Integer> done = ctx.onDone();
            while (select(job, done) == job) { // throws a ContextException once ctx is done
                work(job.value());
            }
            // @end
        });
        assertEquals("the line is dead", e.getCause().getMessage());
        assertEquals(3, worked);
    }

    @Test
    void timeout() throws Exception {
        Chan<String> answers = Chan.make(1);
        answers.send("42");
        Context ctx = Context.background();
        String answer;
        // @start region="timeout"
        try (var limited = ctx.withTimeout(ofSeconds(5))) {
            answer = answers.receive(limited); // throws a DeadlineExceededException after five seconds
        }
        // @end
        assertEquals("42", answer);
    }

    @Test
    void operations() throws Exception {
        Chan<Integer> jobs = Chan.make(1);
        Chan<Integer> results = Chan.make(1);
        jobs.send(1);
        var ctx = Context.background().withCancel();
        // @start region="operations"
        results.send(jobs.receive(ctx), ctx); // each throws a ContextException once ctx is done
        // @end
        assertEquals(1, results.receive());
        ctx.cancel();
        assertThrows(ContextException.class, () -> jobs.receive(ctx));
    }

    // @start region="values"
    private static final Context.Key<String> USER = Context.Key.of("user");

    private static String greeting(Context ctx) {
        String user = ctx.value(USER); // null if there is none
        return user == null ? "Hello, stranger" : "Hello, " + user;
    }
    // @end

    @Test
    void values() {
        assertEquals("Hello, stranger", greeting(Context.background()));
        assertEquals("Hello, Ada", greeting(Context.background().with(USER, "Ada").withoutCancel()));
    }

    @Test
    void done() throws Exception {
        var ctx = Context.background().withCancel();
        var stop = new IllegalStateException("stop");
        go(() -> ctx.cancel(stop));
        // @start region="done"
        ctx.done().receive(); // waits until ctx is done
        assertTrue(ctx.done().isDrained());
        assertSame(stop, ctx.cause());
        // @end
    }

    @Test
    void afterFunc() throws Exception {
        Chan<Boolean> closed = Chan.make();
        Closeable connection = () -> closed.close();
        try (var ctx = Context.background().withCancel()) {
            // @start region="after-func"
            var closing = ctx.afterFunc(connection::close); // what reads from it then gets an IOException
            // … read …
            closing.stop(); // it has been read to the end
            // @end
            assertNull(closed.tryReceive());
            ctx.afterFunc(connection::close);
        }
        assertNull(closed.receive());
    }
}

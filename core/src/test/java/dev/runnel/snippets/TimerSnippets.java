package dev.runnel.snippets;

import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.runnel.Case;
import dev.runnel.Chan;
import dev.runnel.Ticker;
import dev.runnel.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the Javadoc of {@link Timer} and {@link Ticker} shows. */
class TimerSnippets {

    private final List<String> said = new ArrayList<>();

    private void report(String text) {
        said.add(text);
    }

    @Test
    void reset() throws Exception {
        Chan<String> lines = Chan.make(2);
        lines.send("one");
        lines.send("two");
        // @start region="reset"
        Duration patience = Duration.ofSeconds(2);
        Timer silence = Timer.start(patience);
        Case<String> line = lines.onReceive();
        Case<Instant> quiet = silence.channel().onReceive();
        while (select(line, quiet) == line) {
            report(line.value());
            silence.reset(patience); // what was due meanwhile, if anything, is gone
        }
        report("nothing more since " + quiet.value());
        // @end
        assertEquals(List.of("one", "two"), said.subList(0, 2));
        assertEquals(3, said.size());
    }

    @Test
    void ticker() throws Exception {
        // @start region="ticker"
        Ticker ticker = Ticker.start(Duration.ofMillis(10));
        for (int i = 1; i <= 3; i++) {
            Instant tick = ticker.channel().receive();
            report("tick " + i + " of " + tick);
        }
        ticker.stop();
        // @end
        assertEquals(3, said.size());
    }
}

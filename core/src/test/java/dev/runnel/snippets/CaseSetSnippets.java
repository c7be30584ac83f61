package dev.runnel.snippets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.runnel.Case;
import dev.runnel.CaseSet;
import dev.runnel.Chan;
import dev.runnel.Go;
import dev.runnel.ReceiveChan;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The snippets of the documentation of case sets. */
class CaseSetSnippets {

    private final List<Object> printed = new ArrayList<>();

    private void println(Object line) {
        printed.add(line);
    }

    @Test
    void serve() throws InterruptedException {
        Chan<ReceiveChan<String>> clients = Chan.make();
        Go.go(() -> {
            for (int i = 0; i < 3; i++) {
                Chan<String> client = Chan.make(1);
                clients.send(client);
                client.send("from " + i);
                client.close();
            }
            clients.close();
        });
        // @start region="serve"
        CaseSet<Object> set = new CaseSet<>();
        Case<ReceiveChan<String>> newClient = set.add(clients.onReceive());
        while (set.size() > 0) {
            Case<?> next = set.select();
            if (next.value() == null) {
                set.remove(next); // its channel is closed
            } else if (next == newClient) {
                set.add(newClient.value().onReceive());
            } else {
                println(next.value());
            }
        }
        // @end
        assertEquals(List.of("from 0", "from 1", "from 2"), printed.stream().sorted().toList());
        assertNull(set.trySelect());
    }
}

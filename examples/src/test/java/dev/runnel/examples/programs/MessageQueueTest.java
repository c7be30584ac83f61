package dev.runnel.examples.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.examples.ExampleProcess;
import dev.runnel.examples.ExampleProcess.Ended;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class MessageQueueTest {

    private static final int TERMINATED = 128 + 15;

    private ExampleProcess broker;
    private String listening;

    private void start(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("message-queue", "--port", "0"));
        command.addAll(List.of(options));
        broker = ExampleProcess.start(command.toArray(String[]::new));
        listening = broker.awaitLine("Message queue on port");
    }

    @AfterEach
    void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    private TestClient client() throws Exception {
        return new TestClient(listening);
    }

    @Test
    void take_severalPut_givesThemInOrderFromTheQueueNamed() throws Exception {
        start();
        try (TestClient producer = client(); TestClient consumer = client()) {
            assertEquals("OK 1", producer.ask("PUT mails to Ann: your parcel is on its way"));
            assertEquals("OK 2", producer.ask("PUT orders 4711"));
            assertEquals("OK 3", producer.ask("PUT mails to Ben"));

            assertEquals("MESSAGE 1 1 to Ann: your parcel is on its way", consumer.ask("TAKE mails"));
            assertEquals("MESSAGE 3 1 to Ben", consumer.ask("TAKE mails"));
            assertEquals("OK", consumer.ask("ACK 1"));
            assertEquals("OK", consumer.ask("ACK 3"));
            assertEquals("MESSAGE 2 1 4711", consumer.ask("TAKE orders"));
        }
    }

    @Test
    void take_nothingThere_waitsForIt() throws Exception {
        start();
        try (TestClient producer = client(); TestClient consumer = client()) {
            consumer.write("TAKE mails");
            assertTrue(consumer.hearsNothingFor(Duration.ofMillis(100)));
            assertEquals("OK 1", producer.ask("PUT mails hello"));
            assertEquals("MESSAGE 1 1 hello", consumer.read());
        }
    }

    @Test
    void connectionEnds_messagesNotAcknowledged_areDeliveredAgainFirst() throws Exception {
        start();
        try (TestClient other = client()) {
            try (TestClient dies = client()) {
                for (String text : List.of("a", "b", "c", "d")) {
                    dies.ask("PUT mails " + text);
                }
                assertEquals("MESSAGE 1 1 a", dies.ask("TAKE mails"));
                assertEquals("MESSAGE 2 1 b", dies.ask("TAKE mails"));
                assertEquals("MESSAGE 3 1 c", dies.ask("TAKE mails"));
                assertEquals("OK", dies.ask("ACK 2"));
                assertEquals("MESSAGE 4 1 d", other.ask("TAKE mails"));
            }
            assertEquals("MESSAGE 1 2 a", other.ask("TAKE mails"));
            assertEquals("MESSAGE 3 2 c", other.ask("TAKE mails"));
        }
    }

    @Test
    void connectionEnds_whileItWaits_losesNoMessage() throws Exception {
        start();
        try (TestClient producer = client(); TestClient consumer = client()) {
            try (TestClient impatient = client()) {
                impatient.write("TAKE mails");
            }
            assertEquals("OK 1", producer.ask("PUT mails hello"));
            assertTrue(consumer.ask("TAKE mails").matches("MESSAGE 1 [12] hello"));
            assertEquals("OK", consumer.ask("ACK 1"));
        }
    }

    @Test
    void put_queueFull_waitsForATake() throws Exception {
        start("--limit", "2");
        try (TestClient producer = client(); TestClient consumer = client()) {
            assertEquals("OK 1", producer.ask("PUT mails a"));
            assertEquals("OK 2", producer.ask("PUT mails b"));
            producer.write("PUT mails c");
            assertTrue(producer.hearsNothingFor(Duration.ofMillis(100)));
            assertEquals("MESSAGE 1 1 a", consumer.ask("TAKE mails"));
            assertEquals("OK 3", producer.read());
        }
    }

    @Test
    void request_wrong_isAnsweredWithAnError() throws Exception {
        start();
        try (TestClient client = client(); TestClient other = client()) {
            client.ask("PUT mails a");
            client.ask("TAKE mails");
            assertEquals("ERROR you have no message 1 to acknowledge", other.ask("ACK 1"));
            assertEquals("ERROR you have no message x to acknowledge", client.ask("ACK x"));
            assertEquals("OK", client.ask("ACK 1"));
            assertEquals("ERROR you have no message 1 to acknowledge", client.ask("ACK 1"));
            for (String request : List.of("", "PUT", "PUT mails", "TAKE", "TAKE a b", "ACK", "put mails a", "HELP")) {
                assertEquals("ERROR not a request: PUT queue text, TAKE queue, or ACK id", client.ask(request));
            }
            client.write("x".repeat(10_000));
            assertNull(client.read());
            broker.awaitLine("lost: a line of more than 8192 characters");
            assertEquals("OK 2", other.ask("PUT mails b"));
        }
    }

    @Test
    void work_consumersThatDie_everyMessageIsProcessed() throws Exception {
        int producers = 3;
        int messages = 200;
        start("--limit", "10");
        Set<String> processed = new ConcurrentSkipListSet<>();
        AtomicBoolean over = new AtomicBoolean();
        List<Future<?>> running = new ArrayList<>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int p = 0; p < producers; p++) {
                int producer = p;
                running.add(executor.submit(() -> {
                    try (TestClient client = client()) {
                        for (int i = 0; i < messages; i++) {
                            assertTrue(client.ask("PUT work " + producer + "-" + i).startsWith("OK "));
                        }
                    }
                    return null;
                }));
            }
            for (int c = 0; c < 3; c++) {
                running.add(executor.submit(() -> {
                    while (!over.get()) { // each of them dies after ten messages, the tenth not acknowledged
                        try (TestClient client = client()) {
                            for (int i = 1; i <= 10 && !over.get(); i++) {
                                String[] message = client.ask("TAKE work").split(" ", 4);
                                if (i < 10) {
                                    processed.add(message[3]);
                                    assertEquals("OK", client.ask("ACK " + message[1]));
                                }
                                if (processed.size() == producers * messages && over.compareAndSet(false, true)) {
                                    client.ask("PUT work wake the others");
                                    client.ask("PUT work wake the others");
                                }
                            }
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> future : running) {
                future.get();
            }
        }
        Set<String> expected = IntStream.range(0, producers * messages)
                .mapToObj(i -> i / messages + "-" + i % messages)
                .collect(Collectors.toSet());
        assertEquals(expected, processed.stream().filter(text -> text.contains("-")).collect(Collectors.toSet()));
    }

    @Test
    void terminate_clientsConnected_stopsAndEndsTheirConnections() throws Exception {
        start();
        try (TestClient waiting = client(); TestClient idle = client()) {
            // Whom the broker has not begun to serve when it stops gets no answer.
            assertTrue(waiting.ask("HELLO").startsWith("ERROR not a request"));
            waiting.write("TAKE mails");
            assertEquals("OK 1", idle.ask("PUT others a"));
            broker.terminate();
            waiting.readUntil("ERROR the broker stops");
            assertNull(waiting.read());
            assertNull(idle.read());
        }
        Ended ended = broker.awaitEnd();
        assertEquals("Message queue stopped", ended.lines().getLast());
        assertEquals(2, ended.lines().size(), ended::toString);
        assertEquals(TERMINATED, ended.code());
    }

    @Test
    void demo_consumerDies_everyLineIsProcessed() throws Exception {
        List<String> lines =
                Shipped.lines("texts/incidents.txt").stream().filter(line -> !line.isBlank()).toList();
        int words = lines.stream().mapToInt(line -> line.strip().split("\\s+").length).sum();
        Ended ended = ExampleProcess.run("message-queue", "--demo");

        assertEquals(lines.size() + " lines were put, " + lines.size() + " processed: they have " + words + " words",
                ended.line("were put"));
        String died = ended.line("dies before");
        assertEquals("Message " + Numbers.last(died) + " was delivered 2 times", ended.line("delivered"));
        assertEquals("Message queue stopped", ended.lines().getLast());
        assertEquals(0, ended.code());
    }

    @Test
    void start_badOption_saysWhatIsWrong() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            Ended ended = ExampleProcess.run("message-queue", "--port", "" + taken.getLocalPort());
            assertTrue(ended.lines().getFirst().startsWith("Cannot listen on port " + taken.getLocalPort() + ": "),
                    ended::toString);
            assertEquals(1, ended.lines().size());
            assertEquals(1, ended.code());
        }
        Ended ended = ExampleProcess.run("message-queue", "--port", "65536");
        assertEquals(List.of("--port must be a number from 0 to 65535, not 65536."), ended.lines());
        assertEquals(1, ended.code());
        ended = ExampleProcess.run("message-queue", "--limit", "0");
        assertEquals(List.of("--limit must be a number from 1 to 1000000, not 0."), ended.lines());
        assertEquals(1, ended.code());
    }
}

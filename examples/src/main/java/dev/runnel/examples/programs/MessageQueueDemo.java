package dev.runnel.examples.programs;

import static dev.runnel.Go.after;
import static dev.runnel.Go.go;
import static dev.runnel.Go.select;
import static java.time.Duration.ofSeconds;

import dev.runnel.Case;
import dev.runnel.Chan;
import dev.runnel.SendChan;
import dev.runnel.WaitGroup;
import dev.runnel.examples.Inputs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Clients of {@link MessageQueue}, over TCP: two producers put the lines of a text, two consumers count their words,
 * and a third one dies.
 */
final class MessageQueueDemo {

    /** Tells a consumer that there is nothing more to do. */
    private static final String END = "END";

    private record Processed(long id, int deliveries, int words) {}

    private MessageQueueDemo() {}

    static void run(int port) throws IOException, InterruptedException {
        List<String> lines = lines();
        int half = lines.size() / 2;
        go(() -> produce(port, lines.subList(0, half)));
        go(() -> produce(port, lines.subList(half, lines.size())));
        takeAndDie(port);
        Chan<Processed> processed = Chan.make();
        var consumers = new WaitGroup();
        consumers.go(() -> consume(port, processed));
        consumers.go(() -> consume(port, processed));

        Map<Long, Processed> all = new TreeMap<>();
        Case<Processed> timeout = after(ofSeconds(30)); // should one of them fail
        while (all.size() < lines.size()) {
            Processed one = select(processed.onReceive(), timeout).value();
            if (one == null) {
                throw new IllegalStateException("only " + all.size() + " of " + lines.size() + " lines were processed");
            }
            all.put(one.id(), one);
        }
        produce(port, List.of(END, END)); // one for each consumer
        consumers.await();

        System.out.printf("%d lines were put, %d processed: they have %d words%n", lines.size(), all.size(),
                all.values().stream().mapToInt(Processed::words).sum());
        for (Processed one : all.values()) {
            if (one.deliveries() > 1) {
                System.out.printf("Message %d was delivered %d times%n", one.id(), one.deliveries());
            }
        }
    }

    private static List<String> lines() throws IOException {
        try (BufferedReader text = new BufferedReader(
                new InputStreamReader(Inputs.resource("texts/incidents.txt"), StandardCharsets.UTF_8))) {
            return text.lines().filter(line -> !line.isBlank()).toList();
        }
    }

    private static void produce(int port, List<String> lines) throws IOException {
        try (LineSocket broker = LineSocket.connect(port)) {
            for (String line : lines) {
                ask(broker, "PUT lines " + line, "OK");
            }
        }
    }

    private static void takeAndDie(int port) throws IOException {
        try (LineSocket broker = LineSocket.connect(port)) {
            String[] message = ask(broker, "TAKE lines", "MESSAGE");
            System.out.println("A consumer takes message " + message[1] + " and dies before it is processed");
        }
    }

    private static void consume(int port, SendChan<Processed> processed) throws IOException, InterruptedException {
        try (LineSocket broker = LineSocket.connect(port)) {
            for (boolean end = false; !end;) {
                String[] message = ask(broker, "TAKE lines", "MESSAGE"); // and its id, delivery, text
                end = message[3].equals(END);
                if (!end) {
                    int words = message[3].split("\\s+").length;
                    processed.send(new Processed(Long.parseLong(message[1]), Integer.parseInt(message[2]), words));
                }
                ask(broker, "ACK " + message[1], "OK"); // only now: who dies before this has lost nothing
            }
        }
    }

    /** Sends a request and returns the words of the answer, of which the fourth is all that is left. */
    private static String[] ask(LineSocket broker, String request, String expected) throws IOException {
        broker.writeLine(request);
        String answer = broker.readLine();
        if (answer == null || !answer.startsWith(expected)) {
            throw new IOException("the broker answered " + request + " with " + answer);
        }
        return answer.split(" ", 4);
    }
}

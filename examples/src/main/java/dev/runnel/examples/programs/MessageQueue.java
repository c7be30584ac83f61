package dev.runnel.examples.programs;

import static dev.runnel.Go.go;
import static dev.runnel.Go.select;
import static java.time.Duration.ofSeconds;

import dev.runnel.Case;
import dev.runnel.Chan;
import dev.runnel.ReceiveChan;
import dev.runnel.SendChan;
import dev.runnel.examples.Inputs;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Message queues: a broker over TCP that delivers each message at least once. A client sends lines:
 *
 * <pre>
 * PUT queue text    OK id; waits while the queue is full
 * TAKE queue        MESSAGE id delivery text; waits while the queue is empty
 * ACK id            OK; the message is done with
 * </pre>
 *
 * <p>What a client has taken and not acknowledged when its connection ends goes back to the head of its queue, to be
 * delivered again. The messages are in memory only.
 *
 * <p>Go's idioms: a queue is a goroutine that owns its messages and talks over channels; a case of its {@code select}
 * is switched off by the absent channel, Go's nil channel: taking while the queue is empty, putting while it is full.
 */
@Command(mixinStandardHelpOptions = true, showDefaultValues = true)
public final class MessageQueue implements Callable<Integer> {

    @Option(names = "--port", defaultValue = "8091", description = "The port to listen on.")
    private int port;

    @Option(names = "--limit", defaultValue = "1000", description = "How many messages a queue holds.")
    private int limit;

    @Option(names = "--demo", description = "Serve on any free port, let producers and consumers work, and stop.")
    private boolean demo;

    /** A message, and how often it was delivered so far. */
    private record Message(long id, int deliveries, String text) {
        Message delivered() {
            return new Message(id, deliveries + 1, text);
        }
    }

    /** How one talks with a queue: to put, to give back what was taken, to take. */
    private record Queue(Chan<Message> put, Chan<List<Message>> back, Chan<Message> take) {}

    /** A message that a client has taken, and the queue that it came from. */
    private record Taken(Queue queue, Message message) {}

    private final AtomicLong ids = new AtomicLong();
    private final Map<String, Queue> queues = new ConcurrentHashMap<>();
    private final Chan<Message> stop = Chan.make(); // is only closed

    @Override
    public Integer call() throws Exception {
        Inputs.checkPort(port);
        Inputs.checkRange("--limit", limit, 1, 1_000_000);
        TcpServer server = TcpServer.listen(demo ? 0 : port);
        try (Signals signals = Signals.listen()) {
            ReceiveChan<Boolean> accepting = server.start(client -> new Session(client).serve());
            System.out.println("Message queue on port " + server.port());
            try {
                if (demo) {
                    MessageQueueDemo.run(server.port());
                } else {
                    select(signals.arrived().onReceive(), accepting.onReceive());
                }
            } finally {
                stop.close();
                server.stop(ofSeconds(1));
            }
            System.out.println("Message queue stopped");
            return demo || signals.arrived().isDrained() ? 0 : 1; // else it could not accept any more
        }
    }

    private Queue queue(String name) {
        return queues.computeIfAbsent(name, absent -> {
            Queue queue = new Queue(Chan.make(), Chan.make(), Chan.make());
            go(() -> keep(queue));
            return queue;
        });
    }

    /** Keeps the messages of a queue. */
    private void keep(Queue queue) throws InterruptedException {
        Deque<Message> waiting = new ArrayDeque<>();
        Chan<Message> absent = Chan.absent();
        while (!stop.isDrained()) {
            Message head = waiting.peekFirst();
            // A queue that is full takes no more, and one that is empty gives nothing.
            Case<Message> put = (waiting.size() < limit ? queue.put : absent).onReceive();
            Case<Message> take = head == null
                    ? absent.onReceive()
                    : queue.take.onSend(head, () -> waiting.removeFirst());

            // All that a client had taken comes back at once, or somebody could take the second before the first is
            // there.
            Case<Message> back = queue.back.onReceive(returned -> {
                if (returned != null) { // as always: nobody closes it
                    returned.reversed().forEach(waiting::addFirst);
                }
            });

            Message message = select(put, back, take, stop.onReceive()).value();
            if (message != null) {
                waiting.addLast(message);
            }
        }
    }

    /** A client and what it has taken. One goroutine reads the requests, another one answers them. */
    private final class Session {
        private final LineSocket client;
        private final Map<Long, Taken> unacknowledged = new LinkedHashMap<>();
        private final Chan<String> requests = Chan.make();
        private final Chan<Message> gone = Chan.make(); // is only closed: when the client has gone
        private final Chan<Boolean> answered = Chan.make(); // is only closed: when no request will be answered any more

        Session(LineSocket client) {
            this.client = client;
        }

        void serve() throws IOException, InterruptedException {
            go(this::answerRequests);
            try {
                for (String line; (line = client.readLine()) != null;) {
                    select(requests.onSend(line), answered.onReceive());
                }
            } finally {
                requests.close();
                gone.close();
                answered.receive();
            }
        }

        private void answerRequests() throws InterruptedException {
            try {
                for (String request : requests) {
                    client.writeLine(answer(request.split(" ", 3)));
                }
            } catch (IOException e) {
                // the client is gone: who reads from it learns that too, and says so
            } finally {
                giveBack();
                answered.close();
            }
        }

        private void giveBack() throws InterruptedException {
            Map<Queue, List<Message>> returned = new LinkedHashMap<>();
            for (Taken taken : unacknowledged.values()) {
                returned.computeIfAbsent(taken.queue(), first -> new ArrayList<>()).add(taken.message());
            }
            for (Map.Entry<Queue, List<Message>> one : returned.entrySet()) {
                offer(one.getKey().back(), one.getValue());
            }
        }

        private String answer(String[] words) throws InterruptedException {
            if (words.length == 3 && words[0].equals("PUT")) {
                Message message = new Message(ids.incrementAndGet(), 0, words[2]);
                return offer(queue(words[1]).put(), message) ? "OK " + message.id() : "ERROR the broker stops";
            }
            if (words.length == 2 && words[0].equals("TAKE")) {
                return take(queue(words[1]));
            }
            if (words.length == 2 && words[0].equals("ACK")) {
                return words[1].matches("\\d{1,18}") && unacknowledged.remove(Long.valueOf(words[1])) != null
                        ? "OK"
                        : "ERROR you have no message " + words[1] + " to acknowledge";
            }
            return "ERROR not a request: PUT queue text, TAKE queue, or ACK id";
        }

        private String take(Queue queue) throws InterruptedException {
            Message message = select(queue.take().onReceive(), gone.onReceive(), stop.onReceive()).value();
            if (message == null) {
                return "ERROR the broker stops";
            }
            message = message.delivered();
            unacknowledged.put(message.id(), new Taken(queue, message));
            return "MESSAGE " + message.id() + " " + message.deliveries() + " " + message.text();
        }

        /** Sends to a queue, unless all of them have stopped. */
        private <T extends Object> boolean offer(SendChan<T> queue, T value) throws InterruptedException {
            Case<Message> sent = queue.onSend(value);
            return select(sent, stop.onReceive()) == sent;
        }
    }
}

package dev.runnel.examples.programs;

import static dev.runnel.Go.after;
import static dev.runnel.Go.go;
import static dev.runnel.Go.select;
import static java.time.Duration.ofSeconds;

import dev.runnel.Case;
import dev.runnel.Chan;
import dev.runnel.ReceiveChan;
import dev.runnel.SendChan;
import dev.runnel.examples.Inputs;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Real-time chat: a TCP server that any number of clients may join, with {@code telnet} or {@code nc}. The first line
 * of a client is its name; every other one goes to all the others. Whoever does not read for so long that the lines for
 * it pile up is disconnected, so that nobody waits for it.
 *
 * <p>Go's idioms: one goroutine, the broker, owns the clients, so there is nothing to lock; it selects among those who
 * come, those who go and what they say. Each client has a goroutine that reads and one that writes, and a channel of
 * its own with room for the lines it has yet to get.
 */
@Command(mixinStandardHelpOptions = true, showDefaultValues = true)
public final class ChatServer implements Callable<Integer> {

    /** How many lines may wait for a client. */
    private static final int PATIENCE = 64;

    /** How long somebody who is to go may take to read what is left. */
    private static final Duration GRACE = ofSeconds(2);

    private static final int LONGEST_NAME = 20;

    @Option(names = "--port", defaultValue = "8090", description = "The port to listen on.")
    private int port;

    @Option(names = "--demo", description = "Serve on any free port, let three clients talk, and stop.")
    private boolean demo;

    /** Somebody who has given a name. */
    private static final class Client {
        final String name;
        final LineSocket socket;

        /** What is to be written. The broker closes it to end the connection. */
        final Chan<String> outgoing = Chan.make(PATIENCE);

        /** Is closed once all has been written. */
        final Chan<Boolean> written = Chan.make();

        /** The last line, set before outgoing is closed and read after: so the channel orders the two. */
        String farewell = "";

        Client(String name, LineSocket socket) {
            this.name = name;
            this.socket = socket;
        }
    }

    /** What the broker hears of. */
    private sealed interface Event {}

    private record Entering(Client client) implements Event {}

    private record Leaving(Client client) implements Event {}

    private record Message(Client from, String text) implements Event {}

    private final Chan<Entering> entering = Chan.make();
    private final Chan<Leaving> leaving = Chan.make();
    private final Chan<Message> messages = Chan.make();
    private final Chan<Event> stop = Chan.make(); // is only closed
    private final Chan<Boolean> stopped = Chan.make(); // likewise

    /** The clients by their names: only the broker touches them. */
    private final Map<String, Client> clients = new LinkedHashMap<>();

    @Override
    public Integer call() throws Exception {
        Inputs.checkPort(port);
        TcpServer server = TcpServer.listen(demo ? 0 : port);
        try (Signals signals = Signals.listen()) {
            go(this::broker);
            ReceiveChan<Boolean> accepting = server.start(this::converse);
            System.out.printf("Chat server on port %d, join it with: nc localhost %1$d%n", server.port());
            try {
                if (demo) {
                    ChatDemo.run(server.port());
                } else {
                    select(signals.arrived().onReceive(), accepting.onReceive());
                }
            } finally {
                stop.close();
                server.stop(GRACE);
            }
            System.out.println("Chat server stopped");
            return demo || signals.arrived().isDrained() ? 0 : 1; // else it could not accept any more
        }
    }

    private void broker() throws InterruptedException {
        Case<Entering> enters = entering.onReceive();
        Case<Leaving> leaves = leaving.onReceive();
        Case<Message> speaks = messages.onReceive();
        Case<Event> stops = stop.onReceive();
        try {
            for (;;) {
                switch (select(enters, leaves, speaks, stops).value()) {
                    case Entering(Client client) -> enter(client);
                    case Leaving(Client client) -> leave(client);
                    case Message(Client from, String text) -> say(from, text);
                    case null -> { // stop was closed
                        clients.values().forEach(client -> dismiss(client, "The server stops."));
                        return;
                    }
                }
            }
        } finally {
            stopped.close();
        }
    }

    private void enter(Client client) {
        if (clients.putIfAbsent(client.name, client) != null) {
            dismiss(client, "The name " + client.name + " is taken.");
            return;
        }
        client.outgoing.trySend("Welcome, " + client.name + ". Here are: " + String.join(", ", clients.keySet()));
        tellOthers(client, client.name + " has joined");
    }

    private void leave(Client client) {
        if (clients.remove(client.name, client)) { // else it has been dismissed before
            dismiss(client, "Goodbye, " + client.name + ".");
            tellOthers(client, client.name + " has left");
        }
    }

    private void say(Client from, String text) {
        if (clients.get(from.name) == from) { // else it has been dismissed, perhaps for this very name
            tellOthers(from, from.name + ": " + text);
        }
    }

    private void tellOthers(Client from, String text) {
        List<Client> slow = new ArrayList<>();
        for (Client client : clients.values()) {
            if (client != from && !client.outgoing.trySend(text)) {
                slow.add(client);
            }
        }
        for (Client client : slow) {
            if (clients.remove(client.name, client)) { // else it has been dismissed below, for another one's news
                dismiss(client, "You do not keep up with the others and are disconnected.");
                tellOthers(client, client.name + " did not keep up and was disconnected");
            }
        }
    }

    /** Ends a connection when everything has been written, but does not wait for that for ever. */
    private void dismiss(Client client, String farewell) {
        client.farewell = farewell;
        client.outgoing.close();
        go(() -> {
            select(client.written.onReceive(), after(GRACE));
            client.socket.close();
        });
    }

    /** Reads what a client says. */
    private void converse(LineSocket socket) throws IOException, InterruptedException {
        socket.writeLine("What is your name?");
        String name = socket.readLine();
        if (name == null) {
            return;
        }
        Client client = new Client(printable(name).strip(), socket);
        if (client.name.isEmpty() || client.name.length() > LONGEST_NAME) {
            socket.writeLine("A name has 1 to " + LONGEST_NAME + " characters.");
            return;
        }
        if (!tellBroker(entering, new Entering(client))) {
            return;
        }
        Thread writer = go(() -> write(client));
        try {
            for (String line; (line = socket.readLine()) != null;) {
                String text = printable(line);
                if (!text.isBlank()) {
                    tellBroker(messages, new Message(client, text));
                }
            }
        } finally {
            tellBroker(leaving, new Leaving(client));
            writer.join();
        }
    }

    /** Writes what a client is to read. */
    private static void write(Client client) {
        try {
            for (String line : client.outgoing) {
                client.socket.writeLine(line);
            }
            client.socket.writeLine(client.farewell);
        } catch (IOException e) {
            // the client is gone: who reads from it learns that too, and says so
        } finally {
            client.written.close();
        }
    }

    /** Sends to the broker, unless it has stopped. */
    private <T extends Event> boolean tellBroker(SendChan<T> channel, T event) throws InterruptedException {
        Case<Boolean> sent = channel.onSend(event);
        return select(sent, stopped.onReceive()) == sent;
    }

    private static String printable(String line) {
        return line.replaceAll("\\p{Cntrl}", "");
    }
}

package dev.runnel.examples.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.examples.ExampleProcess;
import dev.runnel.examples.ExampleProcess.Ended;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class ChatServerTest {

    private static final int TERMINATED = 128 + 15;

    private ExampleProcess server;
    private int port;

    private void start() throws Exception {
        server = ExampleProcess.start("chat", "--port", "0");
        port = Numbers.last(server.awaitLine("Chat server on port"));
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private TestClient join(String name) throws Exception {
        return join(name, 64 * 1024);
    }

    private TestClient join(String name, int receiveBufferSize) throws Exception {
        TestClient client = new TestClient(port, receiveBufferSize);
        assertEquals("What is your name?", client.read());
        assertTrue(client.ask(name).startsWith("Welcome, " + name + ". Here are: "));
        return client;
    }

    @Test
    void say_severalClients_goesToAllTheOthersInOrder() throws Exception {
        start();
        List<TestClient> clients = new ArrayList<>();
        int n = 10;
        for (int i = 0; i < n; i++) {
            clients.add(join("client " + i));
        }
        for (int i = 0; i < n; i++) {
            for (int later = i + 1; later < n; later++) {
                assertEquals("client " + later + " has joined", clients.get(i).read());
            }
        }
        clients.get(3).write("hello");
        clients.get(3).write("and \u0007a bell, \u00e9 and \u20ac");
        clients.get(3).write(" \u0007 ");
        clients.get(3).write("that was all");
        for (int i = 0; i < n; i++) {
            if (i != 3) {
                assertEquals("client 3: hello", clients.get(i).read());
                assertEquals("client 3: and a bell, \u00e9 and \u20ac", clients.get(i).read());
                assertEquals("client 3: that was all", clients.get(i).read());
            }
        }
        clients.get(7).write("heard");
        assertEquals("client 7: heard", clients.get(3).read()); // and nothing of what it has said itself
        clients.get(0).close();
        assertEquals("client 0 has left", clients.get(3).read());
        for (TestClient client : clients) {
            client.close();
        }
    }

    @Test
    void join_nameTakenOrBad_isRefused() throws Exception {
        start();
        try (TestClient ann = join("Ann"); TestClient other = new TestClient(port, 64 * 1024)) {
            other.read();
            other.write("Ann\nI am the real Ann");
            assertEquals("The name Ann is taken.", other.read());
            assertNull(other.read());
            for (String name : List.of("", "  ", "x".repeat(21))) {
                try (TestClient bad = new TestClient(port, 64 * 1024)) {
                    bad.read();
                    assertEquals("A name has 1 to 20 characters.", bad.ask(name));
                    assertNull(bad.read());
                }
            }
            try (TestClient ben = join("Ben")) {
                assertEquals("Ben has joined", ann.read()); // nobody of those before has
                ben.write("hello");
                assertEquals("Ben: hello", ann.read());
            }
        }
    }

    @Test
    void join_nameOfSomebodyWhoHasLeft_isFreeAgain() throws Exception {
        start();
        try (TestClient ann = join("Ann")) {
            for (int i = 0; i < 3; i++) {
                join("Ben").close();
                assertEquals("Ben has joined", ann.read());
                assertEquals("Ben has left", ann.read());
            }
        }
    }

    @Test
    void say_oneClientDoesNotRead_itIsDisconnectedAndToldSo() throws Exception {
        start();
        try (TestClient slow = join("Slow", 4096); TestClient ann = join("Ann"); TestClient ben = join("Ben")) {
            ann.readUntil("Ben has joined");
            int said = sayUntilSomebodyIsDisconnected(ann, ben);

            assertEquals("Ann has joined", slow.read());
            assertEquals("Ben has joined", slow.read());
            String line = slow.read();
            for (int i = 0; line.startsWith("Ben: "); i++) {
                assertTrue(line.startsWith("Ben: " + i + " x") && i < said, line);
                line = slow.read();
            }
            assertEquals("You do not keep up with the others and are disconnected.", line);
            assertNull(slow.read());
        }
    }

    @Test
    void say_oneClientNeverReads_theOthersGoOn() throws Exception {
        start();
        TestClient slow = join("Slow", 4096);
        try (TestClient ann = join("Ann"); TestClient ben = join("Ben")) {
            ann.readUntil("Ben has joined");
            sayUntilSomebodyIsDisconnected(ann, ben);
            ann.write("still there?");
            ben.readUntil("Ann: still there?");
            try (TestClient again = join("Slow")) {
                again.write("here I am");
                ann.readUntil("Slow: here I am");
            }
        } finally {
            slow.close();
        }
    }

    /** Ben talks and Ann hears every word, until both hear that Slow has been disconnected. */
    private static int sayUntilSomebodyIsDisconnected(TestClient ann, TestClient ben) throws Exception {
        for (int said = 0; said < 100_000; said++) {
            String text = said + " " + "x".repeat(2000);
            ben.write(text);
            String line = ann.read();
            if (!line.equals("Ben: " + text)) {
                assertEquals("Slow did not keep up and was disconnected", line);
                assertEquals("Ben: " + text, ann.read());
                assertEquals("Slow did not keep up and was disconnected", ben.read());
                return said + 1;
            }
        }
        throw new AssertionError("nobody was disconnected");
    }

    @Test
    void terminate_clientsConnected_saysGoodbyeAndStops() throws Exception {
        start();
        try (TestClient ann = join("Ann"); TestClient nameless = new TestClient(port, 64 * 1024)) {
            nameless.read();
            server.terminate();
            assertEquals("The server stops.", ann.read());
            assertNull(ann.read());
            assertNull(nameless.read());
        }
        Ended ended = server.awaitEnd();
        assertEquals("Chat server stopped", ended.lines().getLast());
        assertEquals(2, ended.lines().size(), ended::toString);
        assertEquals(TERMINATED, ended.code());
    }

    @Test
    void demo_threeClients_printsWhatTheySayAndRead() throws Exception {
        Ended ended = ExampleProcess.run("chat", "--demo");

        assertEquals(
                List.of("Ann  says:  Hello Ben, is the kettle on?", "Ben  reads: Ann: Hello Ben, is the kettle on?"),
                ended.linesWith("kettle"));
        assertEquals(List.of("Cleo says:  Is there a cup for me?", "Ann  reads: Cleo: Is there a cup for me?",
                "Ben  reads: Cleo: Is there a cup for me?"), ended.linesWith("cup"));
        assertEquals(List.of("Cleo reads: Ben has left"), ended.linesWith("has left"));
        assertEquals("Chat server stopped", ended.lines().getLast());
        assertEquals(0, ended.code());
    }

    @Test
    void start_badPort_saysWhatIsWrong() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            Ended ended = ExampleProcess.run("chat", "--port", "" + taken.getLocalPort());
            assertTrue(ended.lines().getFirst().startsWith("Cannot listen on port " + taken.getLocalPort() + ": "),
                    ended::toString);
            assertEquals(1, ended.lines().size());
            assertEquals(1, ended.code());
        }
        Ended ended = ExampleProcess.run("chat", "--port", "-1");
        assertEquals(List.of("--port must be a number from 0 to 65535, not -1."), ended.lines());
        assertEquals(1, ended.code());
    }
}

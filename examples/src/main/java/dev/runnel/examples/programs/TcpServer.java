package dev.runnel.examples.programs;

import static dev.runnel.Go.after;
import static dev.runnel.Go.go;
import static dev.runnel.Go.select;

import dev.runnel.Chan;
import dev.runnel.ReceiveChan;
import dev.runnel.WaitGroup;
import dev.runnel.examples.UserException;
import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What Go has {@code net.Listen} for: a server that runs each connection in a goroutine of its own. */
final class TcpServer {

    /** How many connections may wait to be accepted. */
    private static final int BACKLOG = 1024;

    /** Small, so that a client that does not read is noticed soon; what waits in the kernel, no program can count. */
    private static final int SEND_BUFFER = 64 * 1024;

    private final ServerSocket listener;
    private final WaitGroup connections = new WaitGroup();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closing;

    private TcpServer(ServerSocket listener) {
        this.listener = listener;
    }

    /** What is done with a connection. When it returns, the connection is closed. */
    @FunctionalInterface
    interface Handler {
        void handle(LineSocket client) throws IOException, InterruptedException;
    }

    /**
     * Makes a server.
     *
     * @param port the port to listen on, or 0 for any that is free
     * @throws UserException if the port is taken
     */
    static TcpServer listen(int port) throws IOException, UserException {
        try {
            return new TcpServer(new ServerSocket(port, BACKLOG));
        } catch (BindException e) {
            throw new UserException("Cannot listen on port " + port + ": " + e.getMessage()
                    + "; choose another one with --port.");
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    /**
     * Starts to accept connections.
     *
     * @return a channel that is closed when it accepts no more
     */
    ReceiveChan<Boolean> start(Handler handler) {
        Chan<Boolean> ended = Chan.make();
        go(() -> {
            try {
                accept(handler);
            } finally {
                ended.close();
            }
        });
        return ended;
    }

    private void accept(Handler handler) throws IOException {
        while (!closing) {
            Socket socket;
            try {
                socket = listener.accept();
            } catch (IOException e) {
                if (closing) {
                    return; // this is how accept learns of it
                }
                throw e;
            }
            connections.go(() -> handle(socket, handler));
        }
    }

    private void handle(Socket socket, Handler handler) throws IOException, InterruptedException {
        open.add(socket);
        try {
            if (!closing) { // else stop may have missed it
                socket.setSendBufferSize(SEND_BUFFER);
                handler.handle(new LineSocket(socket));
            }
        } catch (IOException e) {
            if (!socket.isClosed()) { // else it was closed here, and this is how its reader learns of that
                System.err.println("Connection of " + socket.getRemoteSocketAddress() + " lost: " + e.getMessage());
            }
        } finally {
            open.remove(socket);
            socket.close();
        }
    }

    /**
     * Stops: accepts no more, gives the connections some time to end, closes those that have not, and waits for them.
     */
    void stop(Duration grace) throws IOException, InterruptedException {
        closing = true;
        listener.close();
        Chan<Boolean> ended = Chan.make();
        go(() -> {
            connections.await();
            ended.close();
        });
        select(ended.onReceive(), after(grace));
        for (Socket socket : open) {
            socket.close();
        }
        ended.receive();
    }
}

package dev.runnel.examples.programs;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A port that refuses connections: it is taken, so that nobody else gets it, and nobody listens on it. */
final class ClosedPort implements AutoCloseable {

    private final Socket socket = new Socket();

    ClosedPort() throws IOException {
        socket.bind(new InetSocketAddress(0));
    }

    int number() {
        return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

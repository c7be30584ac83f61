package dev.runnel.examples.programs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A TCP client such as {@code nc}. */
final class TestClient implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 300_000;

    private final Socket socket = new Socket();
    private final BufferedReader in;
    private final OutputStream out;

    /** Connects to the port that is the last number of a line of output. */
    TestClient(String listening) throws IOException {
        this(Numbers.last(listening), 64 * 1024);
    }

    TestClient(int port, int receiveBufferSize) throws IOException {
        socket.setReceiveBufferSize(receiveBufferSize);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 1024);
        out = socket.getOutputStream();
    }

    void write(String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Reads a line; null at the end. */
    String read() throws IOException {
        return in.readLine();
    }

    String ask(String line) throws IOException {
        write(line);
        return read();
    }

    /** Reads until there is a line that contains a text, and returns it. */
    String readUntil(String text) throws IOException {
        for (;;) {
            String line = read();
            if (line == null) {
                throw new AssertionError("the connection ended before there was a line with " + text);
            }
            if (line.contains(text)) {
                return line;
            }
        }
    }

    /** Whether there is nothing to read for a time. */
    boolean hearsNothingFor(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
        try {
            in.mark(1);
            in.read();
            in.reset();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } finally {
            socket.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

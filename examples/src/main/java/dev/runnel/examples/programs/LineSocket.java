package dev.runnel.examples.programs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One end of a TCP connection that carries lines of text. One goroutine may read while another one writes. */
final class LineSocket implements AutoCloseable {

    /** How long a line may be: nobody shall fill our memory with a line that does not end. */
    private static final int LONGEST_LINE = 8192;

    private final Socket socket;
    private final BufferedReader in;
    private final Writer out;

    LineSocket(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true); // as Go does: a line goes out at once
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        out = new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8);
    }

    /** Connects to a server on this machine. */
    static LineSocket connect(int port) throws IOException {
        return new LineSocket(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /**
     * Reads a line, waiting until there is one.
     *
     * @return the line, without its end; or null if the other end has closed the connection
     * @throws IOException if the connection is lost, or the line is too long
     */
    @Nullable
    String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c; (c = in.read()) != '\n';) {
            if (c == -1) {
                return line.isEmpty() ? null : line.toString();
            }
            if (line.length() == LONGEST_LINE) {
                throw new SocketException("a line of more than " + LONGEST_LINE + " characters");
            }
            line.append((char) c);
        }
        return line.toString().stripTrailing(); // telnet ends lines with \r\n
    }

    /** Writes a line, waiting while the other end does not read what was written before. */
    void writeLine(String line) throws IOException {
        out.write(line + "\n");
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

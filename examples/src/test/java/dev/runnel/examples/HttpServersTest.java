package dev.runnel.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import dev.runnel.examples.ExampleProcess.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class HttpServersTest {

    /** A server that answers only when it has been told to end and takes no more connections. */
    static final class SlowServer {

        private SlowServer() {}

        public static void main(String[] args) throws Exception {
            HttpServer server = HttpServers.listen(0);
            int port = server.getAddress().getPort();
            server.createContext("/", request -> {
                System.out.println("under way");
                while (listens(port)) {
                    Thread.yield();
                }
                HttpServers.reply(request, 200, "finished");
            });
            System.out.println("listening on :" + port);
            HttpServers.serve(server);
        }

        private static boolean listens(int port) throws IOException {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (SocketException e) {
                // Refused, or reset if the server stopped listening while we were connecting.
                return false;
            }
        }
    }

    @Test
    void serve_terminatedWithRequestUnderWay_finishesIt() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient();
                ExampleProcess server = ExampleProcess.startMain(SlowServer.class)) {
            String listening = server.awaitLine("listening on :");
            URI uri = URI.create("http://localhost" + listening.substring(listening.lastIndexOf(':')));
            Future<HttpResponse<String>> answer =
                    client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            server.awaitLine("under way");
            server.terminate();

            assertEquals("200 finished", answer.get().statusCode() + " " + answer.get().body());
            Ended ended = server.awaitEnd();
            assertEquals("Server stopped", ended.lines().getLast());
            assertEquals(3, ended.lines().size(), ended::toString);
            assertEquals(143, ended.code());
        }
    }
}

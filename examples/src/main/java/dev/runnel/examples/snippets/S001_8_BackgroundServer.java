package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;

import com.sun.net.httpserver.HttpServer;
import dev.runnel.Chan;
import dev.runnel.examples.HttpServers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * 001-8: a server is started as a goroutine, and main goes on.
 *
 * <pre>{@code
 * go http.ListenAndServe(":8080", nil)
 * }</pre>
 */
@Command(mixinStandardHelpOptions = true)
public final class S001_8_BackgroundServer implements Callable<Integer> {

    @Option(names = "--port", defaultValue = "8080", description = "The port to listen on (default: 8080).")
    private int port;

    @Option(names = "--demo", description = "Serve on any free port, ask it over HTTP, and stop.")
    private boolean demo;

    @Override
    public Integer call() throws Exception {
        HttpServer server = HttpServers.listen(demo ? 0 : port);
        server.createContext("/", r -> HttpServers.reply(r, 404, "404 page not found\n")); // there is no handler

        go(() -> HttpServers.serve(server));

        System.out.println("main goes on while the server listens on :" + server.getAddress().getPort());
        if (demo) {
            URI uri = URI.create("http://localhost:" + server.getAddress().getPort() + "/");
            try (HttpClient client = HttpClient.newHttpClient()) {
                var response = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
                System.out.printf("GET /: %d %s%n", response.statusCode(), response.body().strip());
            }
        } else {
            Chan.absent().receive(); // until the program is told to end
        }
        return 0;
    }
}

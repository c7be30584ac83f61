package dev.runnel.examples;

import static dev.runnel.Go.go;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.runnel.Chan;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What Go's {@code net/http} does by itself, for the server that the JDK has: a goroutine for each request. */
public final class HttpServers {

    /** How many connections may wait to be accepted. */
    private static final int BACKLOG = 4096;

    private HttpServers() {}

    /**
     * Makes a server that runs each request in a goroutine of its own.
     *
     * @param port the port to listen on, or 0 for any that is free
     * @return the server, bound and not yet started
     * @throws UserException if the port is taken, or there is no such port
     */
    public static HttpServer listen(int port) throws IOException, UserException {
        Inputs.checkPort(port);
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(port), BACKLOG);
        } catch (BindException e) {
            throw new UserException("Error starting server: listen on :" + port + ": " + e.getMessage()
                    + "; choose another one with --port");
        }
        server.setExecutor(request -> go(request::run));
        return server;
    }

    /**
     * Starts a server and lets it run until the program is told to end. Then it takes no more requests, finishes those
     * that are under way, and says so.
     *
     * @param server the server
     */
    public static void serve(HttpServer server) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.stop(5);
            System.out.println("Server stopped");
        }));
        server.start();
        Chan.absent().receive();
    }

    /**
     * Lets a handler answer the requests for a path, as Go's {@code http.HandleFunc} does: those for exactly this path,
     * whereas the JDK's server would give it all whose path begins so.
     *
     * @param server the server
     * @param path the path, such as {@code /hello}
     * @param handler what answers
     */
    public static void handleFunc(HttpServer server, String path, HttpHandler handler) {
        server.createContext(path, request -> {
            if (request.getRequestURI().getPath().equals(path)) {
                handler.handle(request);
            } else {
                reply(request, 404, "404 page not found\n");
            }
        });
    }

    /**
     * Answers a request.
     *
     * @param request the request
     * @param status the HTTP status
     * @param text the body; a HEAD request is told its length only
     */
    public static void reply(HttpExchange request, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        request.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        if (request.getRequestMethod().equals("HEAD")) {
            request.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
            request.sendResponseHeaders(status, -1);
            request.close();
            return;
        }
        request.sendResponseHeaders(status, body.length);
        try (var out = request.getResponseBody()) {
            out.write(body);
        }
    }

    /**
     * A parameter of the query of a request.
     *
     * @param request the request
     * @param name the parameter's name
     * @return its value, or an empty string if it is not there, as in Go
     */
    public static String query(HttpExchange request, String name) {
        @Nullable String query = request.getRequestURI().getRawQuery();
        if (query != null) {
            for (String parameter : query.split("&")) {
                if (parameter.startsWith(name + "=")) {
                    return URLDecoder.decode(parameter.substring(name.length() + 1), StandardCharsets.UTF_8);
                }
            }
        }
        return "";
    }
}

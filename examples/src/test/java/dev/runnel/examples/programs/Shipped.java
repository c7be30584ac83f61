package dev.runnel.examples.programs;

import dev.runnel.examples.Main;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The files that come along with the examples. */
final class Shipped {

    private Shipped() {}

    static byte[] bytes(String name) throws IOException {
        try (InputStream in = Main.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    static List<String> lines(String name) throws IOException {
        return new String(bytes(name), StandardCharsets.UTF_8).lines().toList();
    }
}

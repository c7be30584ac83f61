package dev.runnel.snippets;

import static dev.runnel.Go.after;
import static dev.runnel.Go.go;
import static dev.runnel.Go.select;
import static java.time.Duration.ofMinutes;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.runnel.Chan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The program that README begins with: that it is the one here, and prints what README says. */
class ReadmeSnippets {

    private static final Path BASE = Path.of(System.getProperty("basedir", "."));

    // @formatter:off
    private static void program() throws InterruptedException {
        // @start region="readme"
        Chan<Integer> squares = Chan.make();                     // chan int, unbuffered: a rendezvous
        go(() -> {                                               // a goroutine, on a virtual thread
            for (int i = 1; i <= 3; i++) squares.send(i * i);
            squares.close();
        });
        for (int square : squares) System.out.println(square);   // until it is closed and drained
        select(                                                  // the first that is ready, or the timeout
            squares.onReceive(value -> System.out.println("closed, so it gives " + value)),
            after(ofMinutes(1), () -> System.out.println("timeout")));
        // @end
    }
    // @formatter:on

    @Test
    void program_prints_whatReadmeSays() throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            program();
        } finally {
            System.setOut(before);
        }
        List<String> readme = Files.readAllLines(BASE.resolve("../README.md"));
        assertEquals(between(readme, "```", "```"), printed.toString(StandardCharsets.UTF_8).lines().toList());
    }

    @Test
    void program_isTheOneInReadme() throws IOException {
        List<String> readme = Files.readAllLines(BASE.resolve("../README.md"));
        Path source = BASE.resolve("src/test/java/dev/runnel/snippets/ReadmeSnippets.java");
        List<String> here =
                between(Files.readAllLines(source), "        // @start region=\"readme\"", "        // @end");
        String code = String.join("\n", here).stripIndent();
        assertEquals(between(readme, "```java", "```"), Arrays.asList(code.split("\n")));
    }

    /** The lines between the first that is one text and the next that is another. */
    private static List<String> between(List<String> lines, String first, String last) {
        int from = lines.indexOf(first) + 1;
        if (first.equals(last)) { // then the first closes the program, and the one after it opens what that prints
            from += lines.subList(from, lines.size()).indexOf(first) + 1;
        }
        int to = from + lines.subList(from, lines.size()).indexOf(last);
        return lines.subList(from, to);
    }
}

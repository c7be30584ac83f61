package dev.runnel.snippets;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.runnel.Chan;
import dev.runnel.Producers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The snippets of the documentation of producers. */
class ProducersSnippets {

    private final List<Object> printed = new ArrayList<>();

    private void println(Object line) {
        printed.add(line);
    }

    private static String fetch(String url) {
        return "page of " + url;
    }

    @Test
    void producers() {
        List<String> urls = List.of("a", "b", "c");
        // @start region="producers"
        Chan<String> pages = Chan.make();
        try (var producers = Producers.of(pages)) {
            for (String url : urls) {
                producers.go(() -> pages.send(fetch(url)));
            }
        } // which does not wait: the last one will close pages
        for (String page : pages) { // throws at the end if a fetch has failed
            println(page);
        }
        // @end
        Collections.sort(printed, (a, b) -> a.toString().compareTo(b.toString()));
        assertEquals(List.of("page of a", "page of b", "page of c"), printed);
    }
}

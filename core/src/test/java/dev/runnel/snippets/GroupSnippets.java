package dev.runnel.snippets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.Context;
import dev.runnel.Group;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** The snippets of the documentation of groups. */
class GroupSnippets {

    private final Context ctx = Context.background();
    private final Set<String> fetched = ConcurrentHashMap.newKeySet();

    private void fetch(String url) throws IOException {
        if (url.isEmpty()) {
            throw new FileNotFoundException("no url");
        }
        fetched.add(url);
    }

    private void fetchAll(List<String> urls) throws Exception {
        // @start region="group"
        try (var group = Group.open(ctx)) {
            for (String url : urls) {
                group.go(() -> fetch(url)); // may throw anything
            }
            group.await(); // throws what the first that failed has thrown; the others were stopped
        }
        // @end
    }

    @Test
    void group() throws Exception {
        fetchAll(List.of("a", "b", "c"));
        assertEquals(Set.of("a", "b", "c"), fetched);
        assertThrows(FileNotFoundException.class, () -> fetchAll(List.of("a", "", "c")));
    }

    @Test
    void limit() throws Exception {
        List<String> urls = List.of("a", "b", "c", "d");
        // @start region="limit"
        try (var group = Group.open(ctx, 2)) { // two at once
            for (String url : urls) {
                group.go(() -> fetch(url)); // waits while two are running
            }
            group.await();
        }
        // @end
        assertEquals(4, fetched.size());
    }

    private int price(String shop) {
        return shop.length();
    }

    @Test
    void results() throws Exception {
        int sum;
        // @start region="results"
        try (var group = Group.open(ctx)) {
            var here = group.call(() -> price("here"));
            var there = group.call(() -> price("there"));
            group.await();
            sum = here.get() + there.get();
        }
        // @end
        assertTrue(sum == 9);
    }
}

package dev.runnel.examples.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.runnel.examples.ExampleProcess;
import dev.runnel.examples.ExampleProcess.Ended;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(600)
class QueriesTest {

    private static final String HEADER = "order_id,date,customer,country,article,quantity,unit_price\n";

    /** The lines of a report, without the columns. */
    private static List<String> report(Ended ended, String title) {
        List<String> lines = ended.lines();
        List<String> rows = new ArrayList<>();
        for (int i = lines.indexOf(title) + 1; i < lines.size() && lines.get(i).startsWith("  "); i++) {
            rows.add(lines.get(i).strip().replaceAll(" {2,}", "="));
        }
        return rows;
    }

    private static List<String> sums(List<String[]> orders, Function<String[], String> key,
            Function<String[], BigDecimal> value, Comparator<Map.Entry<String, BigDecimal>> order) {
        Map<String, BigDecimal> sums = new HashMap<>();
        orders.forEach(fields -> sums.merge(key.apply(fields), value.apply(fields), BigDecimal::add));
        return sums.entrySet().stream().sorted(order).map(sum -> sum.getKey() + "=" + sum.getValue()).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10})
    void report_shippedOrders_isRightWithAnyNumberOfConnections(int connections) throws Exception {
        List<String[]> orders =
                Shipped.lines("orders.csv").stream().skip(1).map(line -> line.split(",")).toList();
        Function<String[], BigDecimal> turnover = f -> new BigDecimal(f[5]).multiply(new BigDecimal(f[6]));
        Comparator<Map.Entry<String, BigDecimal>> byName = Map.Entry.comparingByKey();
        Comparator<Map.Entry<String, BigDecimal>> bySum =
                Map.Entry.<String, BigDecimal>comparingByValue().reversed().thenComparing(byName);
        Ended ended = ExampleProcess.run("queries", "--connections", "" + connections);

        assertEquals(0, ended.code(), ended::toString);
        assertEquals(sums(orders, f -> f[2], turnover, bySum), report(ended, "Turnover by customer"));
        assertEquals(sums(orders, f -> f[1].substring(0, 7), turnover, byName), report(ended, "Turnover by month"));
        assertEquals(sums(orders, f -> f[3], turnover, bySum), report(ended, "Turnover by country"));
        assertEquals(sums(orders, f -> f[4], f -> new BigDecimal(f[5]), bySum).subList(0, 5),
                report(ended, "Five articles sold most, in pieces"));
        assertEquals(sums(orders, f -> f[0] + " " + f[2], turnover, bySum).subList(0, 5),
                report(ended, "Five largest orders"));
        assertEquals(List.of("orders=" + orders.size(), "connections=" + connections),
                report(ended, "Orders, and connections that the database sees"));
    }

    @Test
    void report_fileGiven_isAboutThatFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("few.csv"), HEADER
                + "1,2026-01-31,Ann,NL,Pen,3,1.50\n2,2026-02-01,Ben,DE,Ink,1,7.25\n3,2026-02-28,Ann,NL,Ink,2,7.25\n");
        Ended ended = ExampleProcess.run("queries", file.toString());

        assertEquals(List.of("Ann=19.00", "Ben=7.25"), report(ended, "Turnover by customer"));
        assertEquals(List.of("2026-01=4.50", "2026-02=21.75"), report(ended, "Turnover by month"));
        assertEquals(List.of("3 Ann=14.50", "2 Ben=7.25", "1 Ann=4.50"), report(ended, "Five largest orders"));
        assertEquals(0, ended.code());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"2,2026-01-02,Ann,NL,Pen,3; an order has 7 fields, this line has 6.",
        "2,2026-01-02,Ann,NL,Pen,3,1.50,?; an order has 7 fields, this line has 8.",
        "2,2026-02-30,Ann,NL,Pen,3,1.50; the date must be one such as 2026-11-20, not 2026-02-30.",
        "two,2026-01-02,Ann,NL,Pen,3,1.50;"
                + " order_id and quantity must be whole numbers, unit_price a decimal number.",
        "2,2026-01-02,Ann,NL,Pen,3,cheap;"
                + " order_id and quantity must be whole numbers, unit_price a decimal number.",
        "1,2026-01-02,Ann,NL,Pen,3,1.50; there is an order 1 already."})
    void load_badLine_saysWhichAndWhatIsWrong(String line, String message, @TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("bad.csv"), HEADER + "1,2026-01-01,Ann,NL,Pen,3,1.50\n" + line);
        Ended ended = ExampleProcess.run("queries", file.toString());

        assertEquals(List.of(file + ", line 3: " + message), ended.lines());
        assertEquals(1, ended.code());
    }

    @Test
    void load_badFile_saysWhatIsWrong(@TempDir Path directory) throws Exception {
        Path empty = Files.createFile(directory.resolve("empty.csv"));
        Path missing = directory.resolve("missing.csv");

        Ended ended = ExampleProcess.run("queries", empty.toString());
        assertEquals(List.of(empty + ", line 1: this must be the header " + HEADER.strip() + "."), ended.lines());
        assertEquals(1, ended.code());
        ended = ExampleProcess.run("queries", missing.toString());
        assertEquals(List.of("There is no file " + missing + "."), ended.lines());
        assertEquals(1, ended.code());
        ended = ExampleProcess.run("queries", "--connections", "0");
        assertEquals(List.of("--connections must be a number from 1 to 100, not 0."), ended.lines());
        assertEquals(1, ended.code());
    }
}

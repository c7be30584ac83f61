package dev.runnel.examples.programs;

import static dev.runnel.Go.go;

import dev.runnel.Chan;
import dev.runnel.examples.Inputs;
import dev.runnel.examples.UserException;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Concurrent database queries: several reports on the orders of a shop run at once, over a few connections that they
 * share.
 *
 * <p>Go's idioms: a buffered channel as a pool (receive to borrow, send to give back), and the pair of result and error
 * that a goroutine sends back instead of throwing where nobody would catch it.
 */
@Command(mixinStandardHelpOptions = true, showDefaultValues = true)
public final class Queries implements Callable<Integer> {

    private static final String HEADER = "order_id,date,customer,country,article,quantity,unit_price";

    /** A question about the orders; its SQL gives rows of a name and a figure. */
    private record Report(String title, String sql) {}

    private static final List<Report> REPORTS = List.of(
            new Report("Turnover by customer", """
                    SELECT customer, SUM(quantity * unit_price) FROM orders
                    GROUP BY customer ORDER BY 2 DESC, 1"""),
            new Report("Turnover by month", """
                    SELECT FORMATDATETIME(ordered, 'yyyy-MM') AS m, SUM(quantity * unit_price) FROM orders
                    GROUP BY m ORDER BY m"""),
            new Report("Turnover by country", """
                    SELECT country, SUM(quantity * unit_price) FROM orders
                    GROUP BY country ORDER BY 2 DESC, 1"""),
            new Report("Five articles sold most, in pieces", """
                    SELECT article, SUM(quantity) FROM orders
                    GROUP BY article ORDER BY 2 DESC, 1 LIMIT 5"""),
            new Report("Five largest orders", """
                    SELECT id || ' ' || customer, quantity * unit_price FROM orders
                    ORDER BY 2 DESC, id LIMIT 5"""),
            new Report("Orders, and connections that the database sees", """
                    SELECT 'orders', COUNT(*) FROM orders
                    UNION ALL SELECT 'connections', COUNT(*) FROM information_schema.sessions"""));

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "A CSV file of orders (default: one of ours).")
    private @Nullable Path file;

    @Option(names = "--connections", defaultValue = "3", description = "How many connections there are.")
    private int connections;

    /** What a report has found, or why it could not. */
    private record Result(Report report, List<String> rows, @Nullable SQLException error) {}

    @Override
    public Integer call() throws Exception {
        Inputs.checkRange("--connections", connections, 1, 100);
        List<Connection> all = new ArrayList<>();
        try {
            Chan<Connection> pool = Chan.make(connections);
            for (int i = 0; i < connections; i++) {
                all.add(DriverManager.getConnection("jdbc:h2:mem:orders"));
                pool.send(all.getLast());
            }
            load(all.getFirst());
            return report(pool);
        } finally {
            for (Connection connection : all) {
                connection.close();
            }
        }
    }

    /** Starts all reports, and prints them in their order, whichever is ready first. */
    private static int report(Chan<Connection> pool) throws InterruptedException {
        List<Chan<Result>> results = new ArrayList<>();
        for (Report report : REPORTS) {
            Chan<Result> result = Chan.make(1);
            go(() -> {
                try {
                    result.send(run(report, pool));
                } finally {
                    result.close(); // whatever happens: nobody waits for it in vain
                }
            });
            results.add(result);
        }

        int code = 0;
        for (Chan<Result> ready : results) {
            Result result = ready.receive();
            if (result == null || result.error() != null) {
                System.err.println(result == null ? "A report failed; see above."
                        : result.report().title() + ": " + result.error());
                code = 1;
            } else {
                System.out.println(result.report().title());
                result.rows().forEach(System.out::println);
            }
        }
        return code;
    }

    private static Result run(Report report, Chan<Connection> pool) throws InterruptedException {
        Connection connection = pool.receive(); // borrowed: waits until one is free
        if (connection == null) {
            throw new IllegalStateException("the pool is closed");
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(report.sql())) {
            List<String> lines = new ArrayList<>();
            while (rows.next()) {
                lines.add(String.format("  %-24s %12s", rows.getString(1), rows.getBigDecimal(2)));
            }
            return new Result(report, lines, null);
        } catch (SQLException e) {
            return new Result(report, List.of(), e);
        } finally {
            pool.send(connection);
        }
    }

    private void load(Connection connection) throws IOException, SQLException, UserException {
        String name = file == null ? "orders.csv" : file.toString();
        try (Statement create = connection.createStatement();
                BufferedReader lines = Inputs.open(file, "orders.csv")) {
            create.execute("""
                    CREATE TABLE orders(id INT PRIMARY KEY, ordered DATE, customer VARCHAR, country VARCHAR,
                            article VARCHAR, quantity INT, unit_price DECIMAL(10, 2))""");
            String header = lines.readLine();
            if (!HEADER.equals(header)) {
                throw new UserException(name + ", line 1: this must be the header " + HEADER + ".");
            }
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?)")) {
                int number = 1;
                for (String line; (line = lines.readLine()) != null;) {
                    number++;
                    try {
                        if (!line.isBlank()) {
                            insert(insert, line);
                        }
                    } catch (UserException e) {
                        throw new UserException(name + ", line " + number + ": " + e.getMessage());
                    }
                }
            }
        }
    }

    private static void insert(PreparedStatement insert, String line) throws SQLException, UserException {
        String[] fields = line.split(",", -1);
        if (fields.length != 7) {
            throw new UserException("an order has 7 fields, this line has " + fields.length + ".");
        }
        try {
            insert.setInt(1, Integer.parseInt(fields[0]));
            insert.setObject(2, LocalDate.parse(fields[1]));
            for (int i = 2; i < 5; i++) {
                insert.setString(i + 1, fields[i]);
            }
            insert.setInt(6, Integer.parseInt(fields[5]));
            insert.setBigDecimal(7, new BigDecimal(fields[6]));
            insert.executeUpdate();
        } catch (NumberFormatException e) {
            throw new UserException("order_id and quantity must be whole numbers, unit_price a decimal number.");
        } catch (DateTimeParseException e) {
            throw new UserException("the date must be one such as 2026-11-20, not " + fields[1] + ".");
        } catch (SQLIntegrityConstraintViolationException e) {
            throw new UserException("there is an order " + fields[0] + " already.");
        } catch (SQLException e) {
            throw new UserException("the database refuses the order: " + e.getMessage());
        }
    }
}

package dev.runnel.examples.snippets;

import dev.runnel.WaitGroup;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * 002-9: three jobs of one order at once.
 *
 * <p>The document shows the three statements only; here each has something to do, and the order is done when all three
 * are.
 *
 * <pre>{@code
 * go processOrder()
 * go sendEmail()
 * go updateInventory()
 * }</pre>
 */
public final class S002_9_Order {

    private S002_9_Order() {}

    private record Order(int id, String customer, String article, int pieces, int cents) {}

    private static final AtomicInteger teapots = new AtomicInteger(12);

    static void processOrder(Order order) {
        int total = order.pieces() * order.cents();
        System.out.printf("Order %d: %d %ss for %d.%02d%n", order.id(), order.pieces(), order.article(), total / 100,
                total % 100);
    }

    static void sendEmail(Order order) {
        System.out.printf("Order %d: email to %s%n", order.id(), order.customer());
    }

    static void updateInventory(Order order) {
        int left = teapots.addAndGet(-order.pieces());
        System.out.printf("Order %d: %d %ss left%n", order.id(), left, order.article());
    }

    public static void main(String[] args) throws InterruptedException {
        var order = new Order(42, "chirag@example.com", "teapot", 3, 1995);
        var wg = new WaitGroup();

        wg.go(() -> processOrder(order));
        wg.go(() -> sendEmail(order));
        wg.go(() -> updateInventory(order));

        wg.await();
        System.out.printf("Order %d: done%n", order.id());
    }
}

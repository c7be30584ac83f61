package consumer;

import static dev.runnel.Go.after;
import static dev.runnel.Go.go;
import static dev.runnel.Go.select;

import dev.runnel.CancelContext;
import dev.runnel.Case;
import dev.runnel.Chan;
import dev.runnel.Context;
import dev.runnel.Group;
import dev.runnel.Producers;
import dev.runnel.ReceiveChan;
import dev.runnel.WaitGroup;
import dev.runnel.patterns.Broadcast;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Uses channels, a select, a wait group, and what is closed at the end of a {@code try}. */
public final class Main {

    private Main() {}

    /**
     * Runs the program.
     *
     * @param args the module that Runnel has to be in, as {@link Module#toString()} begins
     * @throws Exception if Runnel does not do what it should
     */
    public static void main(String[] args) throws Exception {
        Chan<Integer> jobs = Chan.make();
        Chan<Integer> results = Chan.make(3);
        WaitGroup workers = new WaitGroup();
        for (int i = 0; i < 3; i++) {
            workers.go(() -> {
                for (int job : jobs) {
                    results.send(job * job);
                }
            });
        }
        go(() -> {
            for (int i = 1; i <= 10; i++) {
                jobs.send(i);
            }
            jobs.close();
            workers.await();
            results.close();
        });
        int sum = 0;
        Case<Integer> result = results.onReceive();
        Case<Integer> timeout = after(Duration.ofMinutes(1));
        while (select(result, timeout) == result && result.value() != null) {
            sum += result.value();
        }
        check("385", String.valueOf(sum));
        check("[6, 6]", String.valueOf(broadcast()));
        check(args[0], Chan.class.getModule().toString().substring(0, args[0].length()));
        if (Chan.class.getModule().isNamed()) {
            checkClosedToReflection(jobs.getClass());
            checkClosedToReflection(results.getClass());
            checkClosedToReflection(result.getClass());
        }
        System.out.println("sum of squares: " + sum + ", by " + args[0]);
    }

    /** What is closed at the end of a {@code try}: javac looks into all of these classes. */
    private static List<Integer> broadcast() throws Exception {
        try (CancelContext context = Context.background().withCancel(); Group group = Group.open(context)) {
            Chan<Integer> numbers = Chan.make();
            Broadcast<Integer> broadcast = Broadcast.of(context, numbers);
            List<Group.Result<Integer>> sums = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Broadcast.Subscription<Integer> subscription = broadcast.subscribe(3);
                sums.add(group.call(() -> {
                    try (subscription) {
                        return sum(subscription.channel());
                    }
                }));
            }
            try (Producers producers = Producers.of(numbers)) {
                producers.go(() -> numbers.sendAll(List.of(1, 2, 3)));
            }
            group.await();
            return List.of(sums.get(0).get(), sums.get(1).get());
        }
    }

    private static int sum(ReceiveChan<Integer> numbers) {
        int sum = 0;
        for (int number : numbers) {
            sum += number;
        }
        return sum;
    }

    /** Not even reflection reaches what is internal to the module. */
    private static void checkClosedToReflection(Class<?> internal) {
        for (Class<?> type = internal; type.getModule() == Chan.class.getModule(); type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                check(field + " is closed", field + (field.trySetAccessible() ? " is open" : " is closed"));
            }
        }
    }

    private static void check(String expected, String actual) {
        if (!expected.equals(actual)) {
            throw new IllegalStateException("expected " + expected + ", got " + actual);
        }
    }
}

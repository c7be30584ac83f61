package dev.runnel.examples;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;

/**
 * A program among the examples.
 *
 * @param id by which it is known: that of the snippet it ports, or a name
 * @param name another name for it
 * @param title what it shows
 * @param command makes the picocli command that runs it
 * @param tour the arguments it is given when all examples are run one after the other
 */
public record Example(String id, String name, String title, Supplier<Object> command, List<String> tour) {

    /** A program that takes no arguments. */
    @FunctionalInterface
    interface Program {
        void main(String[] args) throws Exception;
    }

    /** Runs a program that takes no arguments. */
    @Command(mixinStandardHelpOptions = true)
    record Plain(Program program) implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            program.main(new String[0]);
            return 0;
        }
    }

    static Example snippet(String id, String name, String title, Program program) {
        return new Example(id, name, title, () -> new Plain(program), List.of());
    }

    static Example program(String id, String name, String title, Supplier<Object> command, String... tour) {
        return new Example(id, name, title, command, List.of(tour));
    }

    /** A program that has a name and no other id. */
    static Example program(String name, String title, Supplier<Object> command, String... tour) {
        return program(name, name, title, command, tour);
    }
}

package dev.runnel.examples;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs one example, all of them, or lists them. */
@Command(name = "runnel-examples",
        description = "Runs an example by its id or name; without one, runs them all, one after the other.",
        synopsisHeading = "Usage: ", customSynopsis = "runnel-examples [--list | --help | EXAMPLE [ARGUMENT...]]",
        optionListHeading = "%n", commandListHeading = "%nExamples (EXAMPLE --help tells its arguments):%n")
public final class Main implements Callable<Integer> {

    @Option(names = {"-l", "--list"}, description = "List the examples, one line an id.")
    private boolean list;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this.")
    private boolean help;

    private Main() {}

    /**
     * Runs what the arguments say, and ends the program with a code that is not 0 if that failed.
     *
     * @param args the id or name of an example and its arguments; or an option; or nothing, for the whole tour
     */
    public static void main(String[] args) {
        int code = commandLine().execute(args);
        if (code != 0) {
            System.exit(code);
        }
    }

    private static CommandLine commandLine() {
        CommandLine main = new CommandLine(new Main());
        for (Example example : Catalog.examples()) {
            CommandLine command = new CommandLine(example.command().get());
            command.getCommandSpec().usageMessage().description(example.title());
            command.getCommandSpec().remove(command.getCommandSpec().findOption("--version")); // they have none
            main.addSubcommand(example.id(), command, example.name());
        }
        main.setParameterExceptionHandler((e, args) -> {
            CommandLine command = e.getCommandLine();
            PrintWriter err = command.getErr();
            if (e instanceof UnmatchedArgumentException unmatched && command == main && !unmatched.isUnknownOption()) {
                String wanted = unmatched.getUnmatched().getFirst();
                err.printf("There is no example %s. Nearest: %s. --list lists them all.%n", wanted,
                        String.join(", ", Catalog.nearest(wanted)));
            } else {
                err.println(e.getMessage());
                UnmatchedArgumentException.printSuggestions(e, err);
                err.println("--help tells what there is.");
            }
            return CommandLine.ExitCode.USAGE;
        });
        main.setExecutionExceptionHandler((e, command, parsed) -> {
            if (!(e instanceof UserException)) {
                throw e;
            }
            command.getErr().println(e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        });
        return main;
    }

    @Override
    public Integer call() throws Exception {
        List<Example> examples = Catalog.examples();
        if (list) {
            for (Example example : examples) {
                String name = example.name().equals(example.id()) ? "" : example.name();
                System.out.printf("%-17s %-19s %s%n", example.id(), name, example.title());
            }
            return 0;
        }
        return new Tour(examples).run();
    }
}

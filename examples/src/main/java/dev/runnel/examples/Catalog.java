package dev.runnel.examples;

import static dev.runnel.examples.Example.program;
import static dev.runnel.examples.Example.snippet;

import dev.runnel.examples.programs.*;
import dev.runnel.examples.snippets.*;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** All examples, in the order of the tour. */
public final class Catalog {

    private static final List<Example> EXAMPLES = List.of(
            program("000-1", "web-server", "a web server that runs tasks in the background", S000_1_WebServer::new,
                    "--demo"),
            snippet("001-1", "goroutine", "basic goroutine", S001_1_Goroutine::main),
            snippet("001-2", "anonymous", "anonymous function", S001_2_Anonymous::main),
            snippet("001-3", "numbers-and-letters", "two goroutines, each at its own pace",
                    S001_3_NumbersAndLetters::main),
            snippet("001-4", "wait-group", "WaitGroup, three workers", S001_4_WaitGroup::main),
            snippet("001-5", "channel", "unbuffered channel", S001_5_Channel::main),
            snippet("001-6", "buffered-channel", "buffered channel of 3", S001_6_BufferedChannel::main),
            snippet("001-7", "select", "select between a sender at 2 s and one at 1 s", S001_7_Select::main),
            program("001-8", "background-server", "an HTTP server as a goroutine", S001_8_BackgroundServer::new,
                    "--demo"),
            program("001-9", "process-logs", "a log file processed in the background", S001_9_ProcessLogs::new),
            snippet("002-1", "go-statement", "go with a method by its name", S002_1_GoStatement::main),
            snippet("002-2", "goroutine-first", "a goroutine, done before main goes on", S002_2_Goroutine::main),
            snippet("002-3", "anonymous-goroutine", "anonymous function", S002_3_Anonymous::main),
            snippet("002-4", "tasks", "Task A and Task B", S002_4_Tasks::main),
            snippet("002-5", "wait-for-workers", "WaitGroup, three workers", S002_5_WaitGroup::main),
            snippet("002-6", "parameters", "goroutines with parameters", S002_6_Parameters::main),
            snippet("002-7", "race", "a race condition, unsafe", S002_7_Race::main),
            snippet("002-8", "mutex", "the race mended by a mutex", S002_8_Mutex::main),
            snippet("002-9", "order", "three jobs of one order at once", S002_9_Order::main),
            snippet("002-10", "numbers", "complete example", S002_10_Numbers::main),
            snippet("003-1", "both-forms", "a method by its name, and an anonymous function", S003_1_BothForms::main),
            snippet("003-2", "hello", "simple goroutine", S003_2_Hello::main),
            snippet("003-3", "workers", "three workers of one second", S003_3_Workers::main),
            snippet("003-4", "message", "channel", S003_4_Channel::main),
            snippet("003-5", "worker-pool", "worker pool: 3 workers, 5 jobs", S003_5_WorkerPool::main),
            snippet("003-6", "loop-variable", "WaitGroup pattern", S003_6_WaitGroup::main),
            snippet("004-1", "main-goes-on", "the function runs while main goes on", S004_1_Syntax::main),
            snippet("004-2", "say", "say(\"world\") beside say(\"hello\")", S004_2_Say::main),
            snippet("004-3", "argument", "anonymous function with an argument", S004_3_Argument::main),
            snippet("004-4", "workers-done", "WaitGroup, started and done", S004_4_WaitGroup::main),
            snippet("004-5", "num-goroutine", "the number of goroutines", S004_5_NumGoroutine::main),
            program("fetch", "URLs fetched in parallel, but not too many at a time", FetchUrls::new),
            program("producer-consumer", "a producer held back by slower consumers", ProducerConsumer::new),
            program("queries", "concurrent queries over a pool of connections", Queries::new),
            program("message-queue", "a message broker over TCP, at least once", MessageQueue::new, "--demo"),
            program("chat", "a chat server over TCP", ChatServer::new, "--demo"),
            program("pipeline", "a log file through a pipeline of stages", LogPipeline::new),
            program("words", "the words of files counted, with patterns for stages", Words::new),
            program("checksums", "the SHA-256 of files, by several workers and in order", Checksums::new),
            program("access-log", "an access log, each line of it for several readers", AccessLog::new),
            program("links", "the links in files checked, at a rate and with retries", CheckLinks::new),
            program("rate-limit", "workers that make so many requests a second", RateLimitedWorkers::new),
            program("cancel", "a search that is cancelled once it has found enough", Cancel::new),
            program("leaks", "goroutines that leak, how to find them, and the mend", LeakMonitor::new),
            program("pi", "pi by the Monte Carlo method", MonteCarloPi::new),
            program("primes", "the concurrent prime sieve", PrimeSieve::new));

    private Catalog() {}

    /**
     * All examples.
     *
     * @return them, in the order of the tour
     */
    public static List<Example> examples() {
        return EXAMPLES;
    }

    /**
     * The examples that somebody may have meant who has asked for one that is not there.
     *
     * @param wanted what was asked for
     * @return the ids or names that are nearest to it: those that contain it, then those that differ least
     */
    static List<String> nearest(String wanted) {
        String like = wanted.toLowerCase(Locale.ROOT);
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        return EXAMPLES.stream()
                .flatMap(example -> Stream.of(example.id(), example.name()))
                .distinct()
                .sorted(Comparator.comparing((String known) -> !known.contains(like))
                        .thenComparing(known -> distance.apply(like, known)))
                .limit(3)
                .toList();
    }
}

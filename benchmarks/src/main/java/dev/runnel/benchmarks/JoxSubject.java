package dev.runnel.benchmarks;

import com.softwaremill.jox.Channel;
import com.softwaremill.jox.ChannelDone;
import com.softwaremill.jox.Select;
import com.softwaremill.jox.SelectClause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/**
 * Jox, on virtual threads. Its select prefers the first clause that is ready; select with a default is what it has for
 * try forms.
 */
final class JoxSubject extends ThreadSubject {

    private static final Integer NONE = -1;

    private static Channel<Integer> channel(int capacity) {
        return capacity == 0 ? Channel.newRendezvousChannel() : Channel.newBufferedChannel(capacity);
    }

    @Override
    Pipe pipe(int capacity) {
        Channel<Integer> channel = channel(capacity);
        SelectClause<Integer> received = channel.receiveClause();
        SelectClause<Integer> none = Select.defaultClause(NONE);
        return new Pipe() {
            @Override
            public void send(Integer element) throws InterruptedException {
                channel.send(element);
            }

            @Override
            public Integer receive() throws InterruptedException {
                return channel.receive();
            }

            @Override
            public boolean trySend(Integer element) throws InterruptedException {
                return Select.select(channel.sendClause(element, () -> element), none) != NONE;
            }

            @Override
            public Integer tryReceive() throws InterruptedException {
                Integer element = Select.select(received, none);
                return element == NONE ? null : element;
            }
        };
    }

    private SelectClause<Integer> producer(int elements) {
        Channel<Integer> channel = channel(0);
        launch(reporting(() -> {
            for (int i = 0; i < elements; i++) {
                channel.send(Elements.get(i));
            }
        }));
        return channel.receiveClause();
    }

    private SelectClause<Integer>[] producers(int channels, int elements) {
        return clauses(Stream.generate(() -> producer(elements)).limit(channels));
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of generic types
    private static <T> SelectClause<T>[] clauses(Stream<SelectClause<T>> clauses) {
        return clauses.toArray(SelectClause[]::new);
    }

    @Override
    public long select(int channels, int elements) throws Exception {
        return started(() -> {
            SelectClause<Integer>[] clauses = producers(channels, elements / channels);
            long sum = 0;
            for (int i = 0; i < elements; i++) {
                sum += Select.select(clauses);
            }
            return sum;
        }).get();
    }

    @Override
    public long selectTimeout(int channels, int elements) throws Exception {
        return started(() -> {
            SelectClause<Integer>[] clauses = producers(channels, elements / channels);
            long sum = 0;
            for (int i = 0; i < elements; i++) {
                sum += Select.selectWithin(Duration.ofHours(1), clauses);
            }
            return sum;
        }).get();
    }

    @Override
    public long selectReady(int channels, int elements) throws Exception {
        return started(() -> {
            List<Channel<Integer>> all = Stream.generate(() -> channel(1)).limit(channels).toList();
            SelectClause<Integer>[] clauses = clauses(all.stream().map(Channel::receiveClause));
            long sum = 0;
            for (int i = 0; i < elements; i++) {
                all.get(i % channels).send(Elements.get(i));
                sum += Select.select(clauses);
            }
            return sum;
        }).get();
    }

    @Override
    public long selectOtherwise(int channels, int turns) throws Exception {
        return started(() -> {
            SelectClause<Integer>[] clauses = clauses(Stream.concat(
                    Stream.generate(() -> channel(0).receiveClause()).limit(channels),
                    Stream.of(Select.defaultClause(NONE))));
            long count = 0;
            for (int i = 0; i < turns; i++) {
                count += Select.select(clauses) == NONE ? 1 : 0;
            }
            return count;
        }).get();
    }

    @Override
    public long selectSend(int channels, int elements) throws Exception {
        List<FutureTask<Long>> ends = new ArrayList<>();
        List<Channel<Integer>> all = Stream.generate(() -> channel(0)).limit(channels).toList();
        for (Channel<Integer> channel : all) {
            ends.add(started(() -> {
                long sum = 0;
                Object received = channel.receiveOrClosed();
                while (!(received instanceof ChannelDone)) {
                    sum += (Integer) received;
                    received = channel.receiveOrClosed();
                }
                return sum;
            }));
        }
        ends.add(started(() -> {
            // Its send clauses are for one element each.
            SelectClause<?>[] clauses = new SelectClause<?>[channels];
            for (int i = 0; i < elements; i++) {
                for (int c = 0; c < channels; c++) {
                    clauses[c] = all.get(c).sendClause(Elements.get(i));
                }
                Select.select(clauses);
            }
            all.forEach(Channel::done);
            return 0L;
        }));
        return sum(ends);
    }

    @Override
    public long selectBoth(int pairs, int elements) throws Exception {
        Channel<Integer> channel = channel(0);
        Channel<Integer> done = channel(0);
        List<FutureTask<Long>> ends = new ArrayList<>();
        for (int pair = 0; pair < pairs; pair++) {
            ends.add(started(() -> {
                for (int i = 0; i < elements / pairs; i++) {
                    Select.select(channel.sendClause(Elements.get(i)), done.receiveClause());
                }
                return 0L;
            }));
            ends.add(started(() -> {
                SelectClause<Integer> receive = channel.receiveClause();
                SelectClause<Integer> quit = done.receiveClause();
                long sum = 0;
                for (int i = 0; i < elements / pairs; i++) {
                    sum += Select.select(receive, quit);
                }
                return sum;
            }));
        }
        return sum(ends);
    }

    @Override
    public Parked park(int goroutines) throws Exception {
        Channel<Integer> gate = channel(0);
        return ParkedThreads.start(goroutines, this::launch, gate::receiveOrClosed, gate::done);
    }

    @Override
    public Patterns patterns() {
        throw new UnsupportedOperationException("its flows run only with the JDK's preview features enabled");
    }
}

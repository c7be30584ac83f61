package dev.runnel;

import dev.runnel.Model.Op;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Random sequences of all operations, on two channels of any capacity and the absent one, against {@link Model}. Each
 * operation that may block has a goroutine of its own; after each step the test waits until everything has come to
 * rest, so that the model, which knows no concurrency, can say what must have happened. A failure is shrunk and printed
 * as the steps that lead to it.
 */
class ModelTest {

    private static final int A = 0;
    private static final int B = 1;
    private static final int ABSENT = 2;

    @Property
    void operations_inAnyOrder_doWhatTheModelDoes(@ForAll("capacities") int capacityA,
            @ForAll("capacities") int capacityB, @ForAll("operations") List<Op> operations) throws Exception {
        ModelRun run = new ModelRun(capacityA, capacityB);
        try {
            for (Op op : operations) {
                run.step(op);
            }
        } finally {
            run.end();
        }
    }

    @Provide
    Arbitrary<Integer> capacities() {
        return Arbitraries.of(0, 1, 2, 3);
    }

    @Provide
    Arbitrary<List<Op>> operations() {
        Arbitrary<Integer> chan = Arbitraries.frequency(Tuple.of(6, A), Tuple.of(5, B), Tuple.of(1, ABSENT));
        Arbitrary<Op> send = chan.map(Model.Send::new);
        Arbitrary<Op> receive = chan.map(Model.Receive::new);
        Arbitrary<Op> trySend = chan.map(Model.TrySend::new);
        Arbitrary<Op> tryReceive = chan.map(Model.TryReceive::new);
        Arbitrary<Op> close = Arbitraries.of(A, B).map(Model.Close::new);
        Arbitrary<Op> interrupt = Arbitraries.integers().between(0, 5).map(Model.Interrupt::new);
        Arbitrary<Model.SelectCase> selectCase =
                Combinators.combine(Arbitraries.of(true, false), chan).as(Model.SelectCase::new);
        Arbitrary<Op> select = Combinators.combine(selectCase.list().ofMinSize(0).ofMaxSize(5),
                Arbitraries.frequency(Tuple.of(3, false), Tuple.of(1, true))).as(Model.Select::new);
        return Arbitraries.frequencyOf(Tuple.of(6, send), Tuple.of(6, receive), Tuple.of(3, trySend),
                Tuple.of(3, tryReceive), Tuple.of(1, close), Tuple.of(2, interrupt), Tuple.of(8, select))
                .list()
                .ofMaxSize(40);
    }

}

package dev.runnel;

import dev.runnel.Buffer.WhenFull;
import dev.runnel.Model.Make;
import dev.runnel.Model.Op;
import dev.runnel.Model.SelectCase;
import dev.runnel.Model.Step;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Random programs of all operations, on two channels of any capacity and policy, the absent one and a wait group,
 * against {@link Model}. Each operation that may block has a goroutine of its own; after each step the test waits until
 * everything has come to rest, so that the model, which knows no concurrency, can say what must have happened. Selects
 * use the handles of earlier ones. A program that fails is shrunk to the few steps that matter, and printed.
 */
class ModelTest {

    private static final int A = 0;
    private static final int B = 1;
    private static final int ABSENT = 2;

    @Property(edgeCases = EdgeCasesMode.NONE) // there are too many of them
    void operations_inAnyOrder_doWhatTheModelDoes(@ForAll("programs") Program program) throws Exception {
        ModelRun run = new ModelRun(program.a(), program.b());
        try {
            for (Step step : program.steps()) {
                run.take(step);
            }
        } finally {
            run.end();
        }
    }

    @Provide
    Arbitrary<Program> programs() {
        Arbitrary<Integer> capacity = Arbitraries.frequencyOf(
                Tuple.of(9, Arbitraries.of(0, 1, 2, 3)), Tuple.of(1, Arbitraries.integers().between(4, 100)));
        Arbitrary<Make> plain = capacity.map(c -> new Make(c, WhenFull.WAIT, false));
        Arbitrary<Make> policy = Combinators.combine(Arbitraries.of(1, 2, 3), Arbitraries.of(WhenFull.class))
                .as((c, whenFull) -> new Make(c, whenFull, true));
        Arbitrary<Make> make = Arbitraries.frequencyOf(Tuple.of(3, plain), Tuple.of(1, policy));
        return Combinators.combine(make, make, steps()).as(Program::new);
    }

    private static Arbitrary<List<Step>> steps() {
        Arbitrary<Op> op = ops();
        Arbitrary<Step> close =
                Combinators.combine(Arbitraries.of(A, B), Arbitraries.of(true, false)).as(Model.Close::new);
        Arbitrary<Step> add = Arbitraries.of(1, 2, -1, -2, 0).map(Model.Add::new);
        Arbitrary<Step> interrupt = Arbitraries.integers().between(1, 6).map(Model.Interrupt::new);
        return Arbitraries.frequencyOf(Tuple.of(28, op), Tuple.of(1, op.map(Model.Interrupted::new)),
                Tuple.of(1, close), Tuple.of(4, add), Tuple.of(4, interrupt)).list().ofMaxSize(40);
    }

    private static Arbitrary<Op> ops() {
        Arbitrary<Integer> chan = Arbitraries.frequency(Tuple.of(6, A), Tuple.of(5, B), Tuple.of(1, ABSENT));
        return Arbitraries.frequencyOf(Tuple.of(6, chan.map(Model.Send::new)),
                Tuple.of(5, chan.map(Model.Receive::new)), Tuple.of(1, chan.map(Model.Next::new)),
                Tuple.of(2, Combinators.combine(chan, Arbitraries.of(0, 1, 2, 3, 5)).as(Model.SendAll::new)),
                Tuple.of(2, Combinators.combine(chan, Arbitraries.of(1, 2, 3, 50)).as(Model.Drain::new)),
                Tuple.of(3, chan.map(Model.TrySend::new)), Tuple.of(3, chan.map(Model.TryReceive::new)),
                Tuple.of(2, Arbitraries.create(Model.AwaitGroup::new)), Tuple.of(8, select(chan)));
    }

    private static Arbitrary<Op> select(Arbitrary<Integer> chan) {
        Arbitrary<SelectCase> onChan = Combinators.combine(Arbitraries.of(true, false), chan).as(Model.OnChan::new);
        Arbitrary<SelectCase> after = Arbitraries.of(true, false).map(Model.After::new);
        Arbitrary<SelectCase> any = Arbitraries.frequencyOf(Tuple.of(12, onChan), Tuple.of(1, after));
        Arbitrary<Boolean> otherwise = Arbitraries.frequency(Tuple.of(3, false), Tuple.of(1, true));
        return Combinators.combine(any.list().ofMinSize(0).ofMaxSize(5), otherwise).as(Model.Select::new);
    }
}

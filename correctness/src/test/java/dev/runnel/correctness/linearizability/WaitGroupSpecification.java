package dev.runnel.correctness.linearizability;

import java.util.List;

/** What a wait group does, for {@link WaitGroupOperations}. The state is the counter. */
final class WaitGroupSpecification implements Specification<Integer> {

    @Override
    public Integer initial() {
        return 0;
    }

    @Override
    public List<Integer> after(Integer counter, Call call) {
        return switch (call.name()) {
            case "add" -> expect(call, null, counter + 1);
            case "addTwo" -> expect(call, null, counter + 2);
            case "done" -> counter == 0
                    ? expect(call, WaitGroupOperations.NEGATIVE, 0)
                    : expect(call, null, counter - 1);
            case "await" -> counter == 0 ? expect(call, null, 0) : List.of();
            default -> throw new IllegalArgumentException("not specified: " + call.actor());
        };
    }

    private static List<Integer> expect(Call call, Object result, int counter) {
        return call.gave(result) ? List.of(counter) : List.of();
    }
}

package dev.runnel.correctness.linearizability;

import java.util.List;

/** What a context does, for {@link ContextOperations}. The state is who has cancelled it. */
final class ContextSpecification implements Specification<String> {

    private static final String NOBODY = "nobody";

    @Override
    public String initial() {
        return NOBODY;
    }

    @Override
    public List<String> after(String cause, Call call) {
        boolean done = !cause.equals(NOBODY);
        return switch (call.name()) {
            case "cancelParent" -> expect(call, null, done ? cause : ContextOperations.PARENT);
            case "close" -> expect(call, null, done ? cause : ContextOperations.OWN);
            case "cause", "derive" -> expect(call, done ? cause : null, cause);
            case "hasErr", "isDone" -> expect(call, done, cause);
            case "await" -> done ? expect(call, cause, cause) : List.of();
            default -> throw new IllegalArgumentException("not specified: " + call.actor());
        };
    }

    private static List<String> expect(Call call, Object result, String cause) {
        return call.gave(result) ? List.of(cause) : List.of();
    }
}

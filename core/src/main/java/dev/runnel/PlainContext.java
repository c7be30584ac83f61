package dev.runnel;

import org.jspecify.annotations.Nullable;

/** A context that is done when the one it was derived from is, or never. */
final class PlainContext extends Context {

    /** The context that all others come from. */
    static final Context BACKGROUND = new PlainContext(null, null);

    PlainContext(@Nullable Cancellation cancellation, @Nullable Binding bindings) {
        super(cancellation, bindings);
    }
}

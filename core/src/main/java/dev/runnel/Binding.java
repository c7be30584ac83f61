package dev.runnel;

import org.jspecify.annotations.Nullable;

/**
 * A value that a {@link Context} carries, and those that it carried before.
 *
 * @param key under which it is found
 * @param value the value, of the key's type
 * @param next the one bound before; null if this is the first
 */
record Binding(Context.Key<?> key, Object value, @Nullable Binding next) {

    /** The value that was bound last to a key; null if none was. */
    static @Nullable Object find(@Nullable Binding first, Context.Key<?> key) {
        for (Binding one = first; one != null; one = one.next) {
            if (one.key == key) {
                return one.value;
            }
        }
        return null;
    }
}

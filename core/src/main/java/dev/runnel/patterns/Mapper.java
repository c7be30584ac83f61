package dev.runnel.patterns;

/**
 * What a {@link Stage} does with each value.
 *
 * @param <A> the type of the values that come in
 * @param <B> the type of the values that go out
 */
@FunctionalInterface
public interface Mapper<A extends Object, B extends Object> {

    /**
     * Makes one value of another. Several goroutines call it at the same time. Once the context of the stage is done,
     * or another call has failed, the goroutine is interrupted.
     *
     * @param value what has come in, not null
     * @return what is to go out, not null
     * @throws Exception if that cannot be done; it ends the stage
     */
    B map(A value) throws Exception;
}

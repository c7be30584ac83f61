package dev.runnel.examples;

/** Something is wrong with what the user asked for, and the message says what: it is shown without a stack. */
public class UserException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message what is wrong, and with what
     */
    public UserException(String message) {
        super(message);
    }
}

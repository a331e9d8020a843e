package gateway.engine.web.book;

/** The refusal to keep a row anew that is there: none of its changes is written. */
public final class AlreadyKept extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AlreadyKept() {
        super("a message of this id is kept already", null, false, false);
    }
}

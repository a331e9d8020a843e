package gateway.engine.web.book;

import java.util.ArrayList;
import java.util.List;

import gateway.store.Tx;
import gateway.store.Work;

/** Rows to be written together, in the order in which they were added. Everything in them is sealed already. */
public final class KeyChanges implements Work<Boolean> {
    private final List<Statement> statements = new ArrayList<>();

    KeyChanges() {}

    KeyChanges add(String sql, Object... parameters) {
        statements.add(new Statement(sql, parameters, false));
        return this;
    }

    /** As {@link #add(String, Object...)}, of a new row. When that row is there, none of the changes is written. */
    KeyChanges addNew(String sql, Object... parameters) {
        statements.add(new Statement(sql, parameters, true));
        return this;
    }

    /** Adds the others behind these. */
    public KeyChanges add(KeyChanges others) {
        statements.addAll(others.statements);
        return this;
    }

    public boolean isEmpty() {
        return statements.isEmpty();
    }

    /** @throws AlreadyKept when a row that is to be new is there */
    @Override
    public Boolean run(Tx tx) {
        for (Statement statement : statements) {
            if (tx.run(statement.sql, statement.parameters) == 0 && statement.isNew) {
                throw new AlreadyKept();
            }
        }
        return true;
    }

    private record Statement(String sql, Object[] parameters, boolean isNew) {}
}

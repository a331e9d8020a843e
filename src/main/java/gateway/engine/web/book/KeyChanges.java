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
        statements.add(new Statement(sql, parameters));
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

    @Override
    public Boolean run(Tx tx) {
        for (Statement statement : statements) {
            tx.run(statement.sql, statement.parameters);
        }
        return true;
    }

    private record Statement(String sql, Object[] parameters) {}
}

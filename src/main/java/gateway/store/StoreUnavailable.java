package gateway.store;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

import io.helidon.dbclient.DbClientException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The database did not take a write (disk full, connection lost, closing), or did not answer a read. Nothing of it was
 * kept; only when the connection to a server broke during the commit itself, nobody can know. It passes: the same write
 * may be kept later. {@link RowFault} is the kind that does not.
 */
public final class StoreUnavailable extends RuntimeException {
    private static final Set<String> OUTAGES = Set.of("08", "53", "57", "58", "XX");
    /**
     * Classes of SQLSTATE (PostgreSQL, appendix A) that are about the statement and its values: data, constraints,
     * syntax, limits, triggers.
     */
    private static final Set<String> ROW = Set.of("21", "22", "23", "42", "44", "54", "P0");

    private static final String CONSTRAINT = "23";
    /** query_canceled: PostgreSQL, "Error Codes". */
    private static final String CANCELLED = "57014";
    /** Of class 42, and yet the operator's to give back. */
    private static final String NO_PRIVILEGE = "42501";
    /** The same of SQLite (sqlite.org/rescode.html), besides constraints. */
    private static final Set<Integer> SQLITE_ROW = Set.of(
            SQLiteErrorCode.SQLITE_ERROR.code,
            SQLiteErrorCode.SQLITE_TOOBIG.code,
            SQLiteErrorCode.SQLITE_MISMATCH.code,
            SQLiteErrorCode.SQLITE_RANGE.code);

    private final boolean late;

    StoreUnavailable(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    private StoreUnavailable(String message, @Nullable Throwable cause, boolean late) {
        super(message, cause);
        this.late = late;
    }

    /**
     * As {@link #told}, of a read: one that was stopped because its time was up says so, and the database itself is
     * well.
     */
    static RuntimeException ofRead(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            boolean stopped = cause instanceof SQLiteException sqlite
                    ? sqlite.getResultCode() == SQLiteErrorCode.SQLITE_INTERRUPT
                    : cause instanceof SQLException sql && CANCELLED.equals(sql.getSQLState());
            if (stopped) {
                return new StoreUnavailable("the read took too long", failure, true);
            }
        }
        return told(failure);
    }

    /** Whether the read was stopped because its time was up. */
    public boolean tooLong() {
        return late;
    }

    /** For an operator: what the database did not do, and why. */
    public String sentence() {
        return "The database did not take or give what was asked: " + reason(this) + ". Nothing of it was kept.";
    }

    static StoreUnavailable of(Throwable failure) {
        return failure instanceof StoreUnavailable same
                ? same
                : new StoreUnavailable("the database did not answer", failure);
    }

    /**
     * Whether the database as a whole failed, rather than this statement: the connection (SQLSTATE 08), the server's
     * resources (53), its operator (57) or its innards (58, XX); for SQLite anything but a broken constraint or a wrong
     * statement, since full disks and lost files have no finer class there.
     */
    public static boolean isOutage(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case SQLiteException sqlite -> {
                    var code = sqlite.getResultCode();
                    return code != SQLiteErrorCode.SQLITE_ERROR
                            && (code.code & 0xFF) != SQLiteErrorCode.SQLITE_CONSTRAINT.code;
                }
                case SQLTransientConnectionException noConnection -> {
                    return true;
                }
                case SQLException sql
                when sql.getSQLState() != null -> {
                    return OUTAGES.contains(sql.getSQLState().substring(0, 2));
                }
                default -> {}
            }
        }
        return false;
    }

    /** Half a sentence for an operator, without values of rows: which kind of failure it was. */
    static String reason(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLiteException sqlite) {
                return switch (sqlite.getResultCode().code & 0xFF) {
                    case 5, 6 -> "it is locked by another program";
                    case 10 -> "the disk reports an input/output error";
                    case 11 -> "it is damaged";
                    case 13 -> "no room is left on its disk";
                    default -> "SQLite says " + sqlite.getResultCode().name();
                };
            }
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return "SQL state " + sql.getSQLState();
            }
        }
        return "it does not answer";
    }

    /**
     * What the database said, as one of the two types of fault; anything else is the unit of work's own answer and
     * stays.
     */
    static Throwable ofOrSame(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException || cause instanceof DbClientException) {
                return told(failure);
            }
        }
        return failure;
    }

    /** A fault of the statement when the database named one; a passing fault in all other cases. */
    static RuntimeException told(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case SQLiteException sqlite -> {
                    int code = sqlite.getResultCode().code & 0xFF;
                    boolean constraint = code == SQLiteErrorCode.SQLITE_CONSTRAINT.code;
                    return constraint || SQLITE_ROW.contains(code) && !spoilt(sqlite)
                            ? new RowFault(constraint, failure)
                            : of(failure);
                }
                case SQLException sql
                when sql.getSQLState() != null && !(sql instanceof SQLTransientConnectionException) -> {
                    var state = sql.getSQLState();
                    return ROW.contains(state.substring(0, 2)) && !state.equals(NO_PRIVILEGE)
                            ? new RowFault(state.startsWith(CONSTRAINT), failure)
                            : of(failure);
                }
                default -> {}
            }
        }
        return of(failure);
    }

    /**
     * A connection that a full disk or the like left in the middle of a transaction: the same code, and not the row's
     * fault.
     */
    private static boolean spoilt(SQLiteException failure) {
        return failure.getMessage() != null && failure.getMessage().contains("transaction");
    }
}

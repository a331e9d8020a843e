package gateway.engine;

import java.util.List;

/** The channels this account follows. */
public interface Newsletters {

    List<Newsletter> list();

    /** @throws EngineRefusal {@code NO_SUCH_RECIPIENT} when the account does not follow it */
    void unfollow(Jid newsletter);

    /** {@code role} is subscriber, admin or owner; {@code createdAt} is epoch milliseconds. */
    record Newsletter(
            Jid jid,
            String name,
            String description,
            String invite,
            long subscribers,
            boolean verified,
            boolean muted,
            String role,
            long createdAt) {}
}

package gateway.secret;

import java.util.Optional;

import gateway.process.ExplainedFault;

/** Turns secrets into what may stand in the database, and back. */
public interface SecretCodec {

    /**
     * One sealed value does not open with its key: it was changed, or belongs to another row. The others may well open.
     */
    final class Unreadable extends ExplainedFault {
        public Unreadable(String message) {
            super(message);
        }
    }

    /** @param owner the row's id; a sealed secret opens for this owner only */
    String seal(String owner, String secret);

    /**
     * @throws Unreadable when it was sealed for another owner, or was changed
     * @throws ExplainedFault when its key is not to be had
     */
    String open(String owner, String sealed);

    /**
     * What should stand in its place: when it is in clear, or sealed in an earlier form. Empty when it is as it should
     * be.
     */
    Optional<String> renewed(String owner, String stored);
}

package gateway.secret;

import java.util.Optional;

/** Turns secrets into what may stand in the database, and back. */
public interface SecretCodec {
    /** @param owner the row's id; a sealed secret opens for this owner only */
    String seal(String owner, String secret);

    /** @throws IllegalStateException when it was sealed with another key or for another owner, or was changed */
    String open(String owner, String sealed);

    /** What should stand in its place: when it is in clear, or sealed in an earlier form. Empty when it is as it should be. */
    Optional<String> renewed(String owner, String stored);
}

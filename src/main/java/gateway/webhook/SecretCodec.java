package gateway.webhook;

/** Turns secrets into what may stand in the database, and back. */
public interface SecretCodec {
    /** @param owner the endpoint's id; a sealed secret opens for this endpoint only */
    String seal(String owner, String secret);

    /** @throws IllegalStateException when it was sealed with another key or for another owner, or was changed */
    String open(String owner, String sealed);
}

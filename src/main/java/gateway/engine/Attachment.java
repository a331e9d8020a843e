package gateway.engine;

/** The file of a message: kept by this gateway, or still with WhatsApp. */
public sealed interface Attachment permits MediaFile, RemoteFile {

    /** What the file is, such as {@code image/jpeg}. */
    String mime();

    /** What its sender called it, for people only; may be empty. */
    String name();

    /** Bytes. */
    long size();

    /** Lower-case hexadecimal; empty when WhatsApp did not say. */
    String sha256();
}

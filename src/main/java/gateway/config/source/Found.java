package gateway.config.source;

import gateway.config.Origin;

/** A setting's raw text and its origin; secrets are still in clear here, so it has no use in a message. */
public record Found(String text, Origin origin) {

    /** Without the text, which may be a secret. */
    @Override
    public String toString() {
        return "value from " + origin;
    }
}

package gateway.api.media;

import java.io.IOException;

/** A picture that cannot be read as one, or asks for more than a picture may. The file is at fault, not the server. */
public final class BrokenPicture extends IOException {
    private final String sentence;

    BrokenPicture(String sentence) {
        super(sentence);
        this.sentence = sentence;
    }

    BrokenPicture(Throwable cause) {
        super("broken picture", cause);
        this.sentence = "cannot be read as what it claims to be";
    }

    /** What is wrong, for the client, to be put after the field's name. */
    public String sentence() {
        return sentence;
    }
}

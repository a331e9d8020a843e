package gateway.check;

/** Evidence that cannot be had; the message says why, in half a sentence. The check is then unknown. */
public sealed class Unseen extends RuntimeException permits Refused {
    public Unseen(String why) {
        super(why, null, false, false);
    }
}

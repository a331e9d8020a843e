package gateway.check;

/** A handshake that the server ended by an alert of TLS. A connection that merely broke is not one. */
public final class Refused extends Unseen {
    public Refused(String why) {
        super(why);
    }
}

package gateway.api;

import java.util.List;

/**
 * The outcome of one request, without the values that differ each time: times, random ids and signatures.
 *
 * @param reply the reply's body, and the headers that a client reads
 * @param left what it changed: rows of the database, files, and the events it caused
 */
record Outcome(int status, String reply, List<String> left) {

    boolean succeeded() {
        return status >= 200 && status < 300;
    }

    /** Whether a client, WhatsApp or the database could tell this outcome from the other. */
    boolean differs(Outcome other, boolean byReply) {
        return !left.equals(other.left) || byReply && (status != other.status || !reply.equals(other.reply));
    }
}

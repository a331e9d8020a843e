package gateway.http.hardened;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ServerConnectionException;
import org.jspecify.annotations.Nullable;

import gateway.auth.Network;
import gateway.auth.Principal;
import gateway.http.ClientConnection;
import gateway.http.Exchange;
import gateway.http.hardened.PhaseClock.Phase;

/**
 * A client's connection as Helidon's HTTP/1.1 code sees it, with a clock on every read and write. Helidon's own
 * timeouts are per read, so a client that sends one byte every few seconds is never cut; here each phase of a request
 * has a deadline, and {@link Reaper} closes the socket when it has passed.
 */
final class GuardedConnection extends ForwardedConnection implements ClientConnection {
    /** The connection whose request this thread handles. */
    static final ScopedValue<GuardedConnection> CURRENT = ScopedValue.newInstance();

    private static final long NEVER = TimedWriter.NEVER;

    private final HelidonSocket socket;
    private final PhaseClock clock;
    private final Slots slots;
    private final GuardedReader reader;
    private final ReplyWriter writer;
    private final InetAddress peer;
    private boolean chunked;

    @SuppressWarnings("NullAway.Init") // prologueRead() sets it before anybody asks for it
    private HttpPrologue prologue;

    private Exchange exchange;
    private volatile long readDeadline = NEVER;
    private volatile long writeDeadline = NEVER;
    /** When the connection is closed, whatever is going on. */
    private volatile long end = NEVER;

    private volatile boolean givenWay;
    /** True after the first request: what waits here since is no stranger's. */
    private volatile boolean served;

    /** Bytes of the request's body that have not come yet, as far as its head tells. */
    private long missing;

    private boolean holdsSlot;
    private Slots.@Nullable Claim claim;

    GuardedConnection(ConnectionContext inner, Limits limits, Slots slots) {
        super(inner);
        this.socket = inner.serverSocket();
        this.clock = new PhaseClock(limits);
        this.slots = slots;
        this.reader = new GuardedReader(this::receive, () -> chunked && clock.phase() == Phase.BODY);
        this.writer = new ReplyWriter(
                new TimedWriter(inner.dataWriter(), limits.stall().multipliedBy(3), until -> writeDeadline = until),
                reader::line);
        this.peer = ((InetSocketAddress) inner.remotePeer().address()).getAddress();
        this.exchange = new Exchange(peer, null);
    }

    @Override
    public Exchange exchange() {
        return exchange;
    }

    /** The first line of the request whose headers are read. */
    HttpPrologue prologue() {
        return prologue;
    }

    /**
     * True while the first line and the headers of a request are read, and nothing of ours has seen them. A head that
     * came with the request before it is read without a wait, in the phase that request left behind.
     */
    boolean readingHead() {
        Phase phase = clock.phase();
        return phase == Phase.HEAD || phase == Phase.IDLE;
    }

    /** True when the head that is read is larger than is taken here. */
    boolean headExceeded() {
        return readingHead() && reader.exceeded();
    }

    /** The other end of the TCP connection. */
    InetAddress peer() {
        return peer;
    }

    /** True when the socket was closed because a deadline had passed. */
    boolean cutWhenLate(long now) {
        if (passed(readDeadline, now) || passed(writeDeadline, now) || passed(end, now)) {
            socket.close();
            return true;
        }
        return false;
    }

    private static boolean passed(long deadline, long now) {
        return deadline != NEVER && now - deadline > 0;
    }

    /** From now on nothing keeps the connection open for longer than the time given. */
    void endWithin(Duration time) {
        end = System.nanoTime() + time.toNanos();
    }

    /**
     * Closes the connection to make room for another, when it has no request under way.
     *
     * @param kept whether one that was served before gives way, too
     */
    boolean giveWay(boolean kept) {
        givenWay = true;
        Phase now = clock.phase();
        boolean waits = now == Phase.IDLE || now == Phase.HEAD && served;
        if (now == Phase.REFUSED || now == Phase.LEAVING || now == Phase.HEAD && !served || waits && kept) {
            closeQuietly();
            return true;
        }
        // See headersRead: of a head that ends at this moment one of the two threads knows.
        givenWay = false;
        return false;
    }

    /** Helidon's close throws, and closes nothing, when the client has just reset it: its next read ends it then. */
    void closeQuietly() {
        try {
            socket.close();
        } catch (RuntimeException e) {
            readDeadline = System.nanoTime();
        }
    }

    void prologueRead(HttpPrologue value) {
        prologue = value;
    }

    @Override
    public boolean isSlashed() {
        return reader.line().slashed();
    }

    @Override
    public boolean isHead() {
        return reader.line().head();
    }

    RequestLine line() {
        return reader.line();
    }

    void headersRead(Headers headers) {
        String offered = headers.first(ReplyHeaders.REQUEST_ID).orElse(null);
        exchange = new Exchange(peer, offered);
        chunked = headers.contains(HeaderValues.TRANSFER_ENCODING_CHUNKED);
        missing = Linger.announced(headers) - reader.available();
        clock.enter(Phase.BODY);
        if (givenWay) {
            throw new CloseConnectionException("The connection has given way to another");
        }
    }

    /** A WebSocket has been opened. */
    void upgraded() {
        clock.enter(Phase.UPGRADED);
    }

    /** Takes a slot for a request whose head is read. */
    boolean takeSlot() {
        holdsSlot = slots.take();
        return holdsSlot;
    }

    @Override
    public boolean claim(Network site, Principal principal) {
        claim = slots.claim(site, principal);
        return claim != null;
    }

    /** The request holds neither a slot nor a share any more; called as often as one likes. */
    @Override
    public void release() {
        if (holdsSlot) {
            holdsSlot = false;
            slots.give();
        }
        if (claim != null) {
            claim.end();
            claim = null;
        }
    }

    /** The request is answered, and what still comes of its body is only read for the next request to be found. */
    void answeredEarly() {
        release();
        clock.enter(Phase.REFUSED);
    }

    /** The last reply is written, and its request is read to its end: there is no body whose rest could still come. */
    void endsRead() {
        served = true;
        clock.enter(Phase.IDLE);
    }

    /** Nanoseconds since the request's headers were read. */
    long sinceHead() {
        return clock.sincePhaseBegan();
    }

    /** The request is answered and its body read to the end: what comes next is another request. */
    void requestDone() {
        release();
        exchange = new Exchange(peer, null);
        chunked = false;
        missing = 0;
        reader.nextRequest();
        writer.nextReply();
        served = true;
        clock.enter(Phase.IDLE);
    }

    /**
     * Called when Helidon is done with the connection. Closing while bytes of the client are unread makes the kernel
     * send a reset, which can destroy the reply. So what still comes is read first, within bounds (RFC 9112 §9.6).
     */
    void linger() {
        if (!clock.inBody() || !socket.isConnected()) {
            return;
        }
        Linger bounds = missing > 0 ? Linger.PATIENT : Linger.BRIEF;
        clock.leave(bounds);
        try {
            for (int read = 0; read < bounds.bytes(); ) {
                byte[] more = receive();
                if (more == null || bounds == Linger.PATIENT && missing <= 0) {
                    return;
                }
                read += more.length;
            }
        } catch (CloseConnectionException e) {
            // The client left or the reaper came: either way there is nobody to wait for.
            clock.enter(Phase.LEAVING);
        }
    }

    private byte[] receive() {
        readDeadline = clock.readDeadline(System.nanoTime());
        boolean lent = holdsSlot;
        if (lent) {
            slots.give();
        }
        try {
            byte[] bytes = socket.get();
            if (bytes == null && !clock.inBody() && clock.phase() != Phase.LEAVING) {
                throw new CloseConnectionException("The client left");
            }
            if (bytes != null) {
                clock.read(bytes.length);
                missing -= bytes.length;
                if (clock.phase() == Phase.IDLE) {
                    clock.enter(Phase.HEAD);
                }
            }
            return bytes;
        } catch (UncheckedIOException e) {
            throw new ServerConnectionException("The connection ended while it was read", e);
        } finally {
            readDeadline = NEVER;
            if (lent) {
                slots.takeAgain();
            }
        }
    }

    /** The listener's limit on requests at once, as Helidon asks for it; its release marks the end of a request. */
    Limit requestLimit() {
        return new RequestLimit(this);
    }

    @Override
    public DataWriter dataWriter() {
        return writer;
    }

    @Override
    public DataReader dataReader() {
        return reader;
    }
}

package gateway.engine.web.connection;

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

import gateway.engine.web.node.Node;
import gateway.engine.web.node.NodeDecoder;
import gateway.engine.web.primitive.WireRefusal;

/** A watch whose faults stay in the log: what looks at stanzas neither fails a send nor ends a connection. */
final class SafeWatch {
    private static final System.Logger LOG = System.getLogger(SafeWatch.class.getName());

    private final StanzaWatch watch;
    /** The first fault of a connection is logged, and stands for the others. */
    private final AtomicBoolean told = new AtomicBoolean();

    SafeWatch(StanzaWatch watch) {
        this.watch = watch;
    }

    void cameIn(Node stanza) {
        try {
            if (watch.isOn()) {
                watch.cameIn(stanza);
            }
        } catch (RuntimeException e) {
            failed("came in", e);
        }
    }

    /** @param encoded a stanza as {@link NodeDecoder} reads it */
    void wentOut(byte[] encoded) {
        try {
            if (watch.isOn()) {
                watch.wentOut(NodeDecoder.decode(encoded));
            }
        } catch (WireRefusal | RuntimeException e) {
            failed("went out", e);
        }
    }

    private void failed(String way, Exception e) {
        if (!told.getAndSet(true)) {
            LOG.log(Level.WARNING, "A stanza that " + way + " is missing from the trace of a connection.", e);
        }
    }
}

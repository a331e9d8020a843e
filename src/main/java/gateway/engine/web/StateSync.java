package gateway.engine.web;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import com.google.protobuf.ByteString;

import gateway.engine.web.appstate.AppState;
import gateway.engine.web.appstate.AppStateKeys;
import gateway.engine.web.appstate.CollectionState;
import gateway.engine.web.appstate.StateAnswer;
import gateway.engine.web.appstate.Synced;
import gateway.engine.web.book.Book;
import gateway.engine.web.connection.ConnectionEnded;
import gateway.engine.web.connection.RequestRefused;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.media.SealedFile;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.engine.web.proto.HistoryProto.ExternalBlobReference;
import gateway.engine.web.proto.HistoryProto.SyncdPatch;

/**
 * Fetches the app state, aside: what the account's devices agree on. A patch that is not authentic is refused alone,
 * and a snapshot is asked for in its stead, once. A collection whose key is missing waits until the phone shares it.
 */
final class StateSync {
    /** All collections, in the order in which they are fetched first. */
    static final List<String> ALL =
            List.of("critical_block", "critical_unblock_low", "regular_high", "regular", "regular_low");

    private static final System.Logger LOG = System.getLogger(StateSync.class.getName());
    /** The longest snapshot or blob of mutations that is taken, in bytes. */
    private static final int MAX_BLOB_BYTES = 4 << 20;
    /** How often the server may say that it has more. */
    private static final int MAX_TURNS = 500;

    private final Book book;
    private final Files files;
    private final PhoneRequests phone;
    private final StateTaking taking;
    private final Set<String> waiting = new LinkedHashSet<>();
    private final Aside aside = new Aside("web-app-state", "the app state", this::fetch);

    StateSync(Book book, Files files, PhoneRequests phone, StateTaking taking) {
        this.book = book;
        this.files = files;
        this.phone = phone;
        this.taking = taking;
    }

    /** Fetches these collections, now or after those that are being fetched. */
    void wake(Collection<String> collections, DeviceCredentials own, WebConnection connection) {
        if (!book.own().hasAppStateKeys()) {
            return;
        }
        synchronized (waiting) {
            collections.stream().filter(ALL::contains).forEach(waiting::add);
            if (waiting.isEmpty()) {
                return;
            }
        }
        aside.wake(own, connection);
    }

    private void fetch(DeviceCredentials own, WebConnection connection)
            throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException, IOException, WireRefusal {
        Set<String> next;
        synchronized (waiting) {
            next = new LinkedHashSet<>(waiting);
            waiting.clear();
        }
        boolean done = false;
        try {
            fetch(next, own, connection);
            done = true;
        } finally {
            if (!done) {
                synchronized (waiting) {
                    waiting.addAll(next);
                }
            }
        }
    }

    private void fetch(Set<String> collections, DeviceCredentials own, WebConnection connection)
            throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException, IOException, WireRefusal {
        Set<String> open = new LinkedHashSet<>(collections);
        Set<String> whole = new LinkedHashSet<>();
        Set<String> renewed = new LinkedHashSet<>();
        for (int turn = 0; turn < MAX_TURNS && !open.isEmpty(); turn++) {
            Map<String, Long> versions = new LinkedHashMap<>();
            for (String name : open) {
                versions.put(
                        name,
                        whole.contains(name) ? 0 : book.appState().state(name).version());
            }
            List<StateAnswer> answers = StateAnswer.of(connection.request(StateAnswer.question(versions)));
            open.clear();
            for (StateAnswer answer : answers) {
                String name = answer.collection();
                if (!versions.containsKey(name)) {
                    continue;
                }
                try {
                    if (taken(answer, own, connection) && answer.more()) {
                        open.add(name);
                    }
                    whole.remove(name);
                } catch (WireRefusal refusal) {
                    LOG.log(Level.WARNING, "app state {0} is refused: {1}", name, refusal.getMessage());
                    if (renewed.add(name)) {
                        whole.add(name);
                        open.add(name);
                    }
                }
            }
        }
    }

    /** Takes what the server has of a collection; whether the collection may go on. */
    private boolean taken(StateAnswer answer, DeviceCredentials own, WebConnection connection)
            throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException, IOException, WireRefusal {
        String name = answer.collection();
        if (answer.error().isPresent()) {
            LOG.log(
                    Level.WARNING,
                    "WhatsApp does not give app state {0}: {1}",
                    name,
                    answer.error().get());
            return false;
        }
        AppState reader = new AppState(name, keys());
        if (answer.snapshot().isPresent()) {
            CollectionState state = book.appState().state(name);
            boolean goesOn = files.whileAlone(() -> done(
                    name,
                    reader.replace(
                            state, AppState.snapshot(blob(answer.snapshot().get(), connection))),
                    true,
                    own,
                    connection));
            if (!goesOn) {
                return false;
            }
        }
        for (byte[] encoded : answer.patches()) {
            SyncdPatch patch = AppState.patch(encoded);
            boolean goesOn = files.whileAlone(() -> done(
                    name,
                    reader.apply(
                            book.appState().state(name),
                            index -> book.appState().valueMac(name, index),
                            patch.hasExternalMutations()
                                    ? AppState.withBlob(patch, blob(patch.getExternalMutations(), connection))
                                    : patch),
                    false,
                    own,
                    connection));
            if (!goesOn) {
                return false;
            }
        }
        return true;
    }

    /** Keeps what came of a patch or snapshot; false when a key is missing, which is asked for. */
    private boolean done(String name, Synced synced, boolean whole, DeviceCredentials own, WebConnection connection)
            throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException, WireRefusal {
        return switch (synced) {
            case Synced.Taken taken -> {
                taking.take(name, taken, whole);
                yield true;
            }
            case Synced.Known() -> true;
            case Synced.Blocked(ByteString keyId) -> {
                phone.askForKey(keyId, own, connection);
                yield false;
            }
        };
    }

    private byte[] blob(ExternalBlobReference reference, WebConnection connection)
            throws ConnectionEnded, RequestRefused, TimeoutException, InterruptedException, IOException, WireRefusal {
        try (InputStream file = files.open(SealedFile.of(reference), MAX_BLOB_BYTES, connection)) {
            byte[] blob = file.readNBytes(MAX_BLOB_BYTES + 1);
            if (blob.length > MAX_BLOB_BYTES) {
                throw new WireRefusal(Reason.OVERSIZED, "app state of more than " + MAX_BLOB_BYTES + " bytes");
            }
            return blob;
        }
    }

    private Function<ByteString, Optional<AppStateKeys>> keys() {
        Map<ByteString, Optional<AppStateKeys>> known = new HashMap<>();
        return id -> known.computeIfAbsent(
                id,
                name -> book.own()
                        .appStateKey(HexFormat.of().formatHex(name.toByteArray()))
                        .map(AppStateKeys::of));
    }
}

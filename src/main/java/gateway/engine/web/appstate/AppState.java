package gateway.engine.web.appstate;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import gateway.engine.web.primitive.Hmac;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.engine.web.proto.HistoryProto.SyncdMutation;
import gateway.engine.web.proto.HistoryProto.SyncdMutations;
import gateway.engine.web.proto.HistoryProto.SyncdPatch;
import gateway.engine.web.proto.HistoryProto.SyncdRecord;
import gateway.engine.web.proto.HistoryProto.SyncdSnapshot;

/** Takes patches and snapshots of one collection. */
public final class AppState {
    /** The longest patch, snapshot or blob that is read, in bytes: the cap of history files, too. Our own. */
    public static final int MAX_BYTES = 64 << 20;

    private final String collection;
    private final Function<ByteString, Optional<AppStateKeys>> keys;

    /**
     * The reader of a collection.
     *
     * @param collection the collection's name, which the MACs cover
     * @param keys       the keys of a key id, when the phone has shared them
     */
    public AppState(String collection, Function<ByteString, Optional<AppStateKeys>> keys) {
        this.collection = collection;
        this.keys = keys;
    }

    /** Reads a patch as the server sends it. */
    public static SyncdPatch patch(byte[] encoded) throws WireRefusal {
        return parsed(encoded, SyncdPatch::parseFrom);
    }

    /** Reads a snapshot as the decrypted blob holds it. */
    public static SyncdSnapshot snapshot(byte[] encoded) throws WireRefusal {
        return parsed(encoded, SyncdSnapshot::parseFrom);
    }

    /** The patch with the mutations of its decrypted blob in the stead of its own ones. */
    public static SyncdPatch withBlob(SyncdPatch patch, byte[] blob) throws WireRefusal {
        SyncdMutations mutations = parsed(blob, SyncdMutations::parseFrom);
        return patch.toBuilder()
                .clearMutations()
                .addAllMutations(mutations.getMutationsList())
                .build();
    }

    /**
     * Takes a patch; one without a version follows the stored one.
     *
     * @param state  the stored state
     * @param stored the stored value MAC of an index MAC
     * @throws WireRefusal ({@code GAP}) when a patch between is missing: a snapshot is due; ({@code BAD_MAC},
     *     {@code MALFORMED}) when the patch or a record is not authentic
     */
    public Synced apply(CollectionState state, Function<ByteString, Optional<ByteString>> stored, SyncdPatch patch)
            throws WireRefusal {
        long version = patch.getVersion().hasVersion() ? patch.getVersion().getVersion() : state.version() + 1;
        if (Long.compareUnsigned(version, state.version()) <= 0) {
            return new Synced.Known();
        }
        if (version != state.version() + 1) {
            throw new WireRefusal(Reason.GAP, "patch " + version + " came after version " + state.version());
        }
        Optional<AppStateKeys> outer = keys.apply(patch.getKeyId().getId());
        if (outer.isEmpty()) {
            return new Synced.Blocked(patch.getKeyId().getId());
        }
        byte[] patchMac =
                patchMac(outer.get(), patch.getSnapshotMac().toByteArray(), patch.getMutationsList(), version);
        if (!Hmac.equal(patchMac, patch.getPatchMac().toByteArray())) {
            throw new WireRefusal(Reason.BAD_MAC, "the patch's MAC does not match");
        }
        List<Mutation> mutations = new ArrayList<>();
        for (SyncdMutation mutation : patch.getMutationsList()) {
            Optional<AppStateKeys> own =
                    keys.apply(mutation.getRecord().getKeyId().getId());
            if (own.isEmpty()) {
                return new Synced.Blocked(mutation.getRecord().getKeyId().getId());
            }
            boolean set = mutation.getOperation() == SyncdMutation.Operation.SET;
            mutations.add(MutationCipher.decrypt(set, mutation.getRecord(), own.get()));
        }
        return taken(state, stored, mutations, version, outer.get(), patch.getSnapshotMac());
    }

    private Synced taken(
            CollectionState state,
            Function<ByteString, Optional<ByteString>> stored,
            List<Mutation> mutations,
            long version,
            AppStateKeys outer,
            ByteString snapshotMac) {
        Map<ByteString, Optional<ByteString>> changes = new LinkedHashMap<>();
        List<byte[]> subtract = new ArrayList<>();
        List<byte[]> add = new ArrayList<>();
        for (Mutation mutation : mutations) {
            Optional<ByteString> before = changes.containsKey(mutation.indexMac())
                    ? changes.get(mutation.indexMac())
                    : stored.apply(mutation.indexMac());
            before.ifPresent(mac -> subtract.add(mac.toByteArray()));
            if (mutation.set()) {
                add.add(mutation.valueMac().toByteArray());
            }
            changes.put(mutation.indexMac(), mutation.set() ? Optional.of(mutation.valueMac()) : Optional.empty());
        }
        byte[] hash = LtHash.apply(state.hash(), subtract, add);
        boolean same = Hmac.equal(snapshotMac(outer, hash, version), snapshotMac.toByteArray());
        return new Synced.Taken(new CollectionState(version, hash, state.diverged() || !same), changes, mutations);
    }

    /**
     * Takes a snapshot in the stead of all that is stored. Of records with one index the last counts.
     *
     * @throws WireRefusal ({@code BAD_MAC}, {@code MALFORMED}) when the snapshot or a record is not authentic
     */
    public Synced replace(CollectionState state, SyncdSnapshot snapshot) throws WireRefusal {
        long version = snapshot.getVersion().getVersion();
        if (state.version() > 0 && Long.compareUnsigned(version, state.version()) <= 0) {
            return new Synced.Known();
        }
        Optional<AppStateKeys> outer = keys.apply(snapshot.getKeyId().getId());
        if (outer.isEmpty()) {
            return new Synced.Blocked(snapshot.getKeyId().getId());
        }
        Map<ByteString, Mutation> last = new LinkedHashMap<>();
        for (SyncdRecord record : snapshot.getRecordsList()) {
            Optional<AppStateKeys> own = keys.apply(record.getKeyId().getId());
            if (own.isEmpty()) {
                return new Synced.Blocked(record.getKeyId().getId());
            }
            Mutation mutation = MutationCipher.decrypt(true, record, own.get());
            last.remove(mutation.indexMac());
            last.put(mutation.indexMac(), mutation);
        }
        byte[] hash = LtHash.apply(
                LtHash.empty(),
                List.of(),
                last.values().stream()
                        .map(mutation -> mutation.valueMac().toByteArray())
                        .toList());
        if (!Hmac.equal(
                snapshotMac(outer.get(), hash, version), snapshot.getMac().toByteArray())) {
            throw new WireRefusal(Reason.BAD_MAC, "the snapshot's MAC does not match");
        }
        Map<ByteString, Optional<ByteString>> changes = new LinkedHashMap<>();
        last.forEach((index, mutation) -> changes.put(index, Optional.of(mutation.valueMac())));
        return new Synced.Taken(new CollectionState(version, hash, false), changes, List.copyOf(last.values()));
    }

    /** The MAC of all records at a version. */
    byte[] snapshotMac(AppStateKeys outer, byte[] hash, long version) {
        return Hmac.sha256(outer.snapshotMac(), hash, number(version), collection.getBytes(StandardCharsets.UTF_8));
    }

    /** The MAC of a patch. */
    byte[] patchMac(AppStateKeys outer, byte[] snapshotMac, List<SyncdMutation> mutations, long version)
            throws WireRefusal {
        List<byte[]> parts = new ArrayList<>();
        parts.add(snapshotMac);
        for (SyncdMutation mutation : mutations) {
            parts.add(MutationCipher.statedMac(mutation.getRecord()));
        }
        parts.add(number(version));
        parts.add(collection.getBytes(StandardCharsets.UTF_8));
        return Hmac.sha256(outer.patchMac(), parts.toArray(byte[][]::new));
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    private interface Parser<T> {
        T parse(byte[] encoded) throws InvalidProtocolBufferException;
    }

    private static <T> T parsed(byte[] encoded, Parser<T> parser) throws WireRefusal {
        if (encoded.length > MAX_BYTES) {
            throw new WireRefusal(Reason.OVERSIZED, "app state of " + encoded.length + " bytes");
        }
        try {
            return parser.parse(encoded);
        } catch (InvalidProtocolBufferException _) {
            throw new WireRefusal(Reason.MALFORMED, "app state that is no protobuf");
        }
    }
}

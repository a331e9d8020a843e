package gateway.engine.web.appstate;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import gateway.engine.web.primitive.Hmac;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.engine.web.proto.HistoryProto.SyncdSnapshotRecovery;

/**
 * The phone's own copy of a collection, asked for when no patch or snapshot of the server fits (dossier web-3 §5.5).
 * The records are not encrypted in it: a caller takes it only from device 0 of the own account.
 */
public final class CollectionRecovery {
    /** The longest copy that is read, in bytes when inflated. */
    public static final int MAX_INFLATED_BYTES = 16 << 20;

    private static final int CHUNK_BYTES = 8_192;

    private CollectionRecovery() {}

    /**
     * Reads a copy. What it says replaces everything that is stored of the collection.
     *
     * @param collection the collection that was asked for
     * @param compressed whether the bytes are a gzip stream
     * @param keys       the keys of an app-state key's id; empty when that key is not known
     * @throws WireRefusal ({@code MALFORMED}) for what is not a copy of that collection; ({@code OVERSIZED}) beyond
     *     {@link #MAX_INFLATED_BYTES}
     */
    public static Synced read(
            String collection, byte[] snapshot, boolean compressed, Function<ByteString, Optional<AppStateKeys>> keys)
            throws WireRefusal {
        SyncdSnapshotRecovery copy = parse(compressed ? inflate(snapshot) : snapshot);
        if (!copy.getCollectionName().equals(collection)) {
            throw new WireRefusal(Reason.MALFORMED, "the copy is of another collection than was asked for");
        }
        byte[] hash = copy.getCollectionLthash().toByteArray();
        if (hash.length != LtHash.HASH_BYTES) {
            throw new WireRefusal(Reason.MALFORMED, "the copy's hash has " + hash.length + " bytes, not 128");
        }
        Map<ByteString, Optional<ByteString>> records = new LinkedHashMap<>();
        List<Mutation> mutations = new ArrayList<>();
        for (SyncdSnapshotRecovery.Record record : copy.getMutationRecordsList()) {
            Optional<AppStateKeys> known = keys.apply(record.getKeyId());
            if (known.isEmpty()) {
                return new Synced.Blocked(record.getKeyId());
            }
            if (record.getMac().size() != MutationCipher.MAC_BYTES) {
                throw new WireRefusal(
                        Reason.MALFORMED,
                        "a record's MAC has " + record.getMac().size() + " bytes");
            }
            byte[] index = record.getValue().getIndex().toByteArray();
            ByteString indexMac = ByteString.copyFrom(Hmac.sha256(known.get().index(), index));
            records.put(indexMac, Optional.of(record.getMac()));
            mutations.add(
                    new Mutation(true, indexMac, record.getMac(), MutationCipher.names(index), record.getValue()));
        }
        return new Synced.Taken(
                new CollectionState(copy.getVersion().getVersion(), hash, false), records, List.copyOf(mutations));
    }

    private static SyncdSnapshotRecovery parse(byte[] bytes) throws WireRefusal {
        try {
            return SyncdSnapshotRecovery.parseFrom(bytes);
        } catch (InvalidProtocolBufferException _) {
            throw new WireRefusal(Reason.MALFORMED, "the copy of the collection is not a protobuf");
        }
    }

    private static byte[] inflate(byte[] compressed) throws WireRefusal {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                if (out.size() + read > MAX_INFLATED_BYTES) {
                    throw new WireRefusal(
                            Reason.OVERSIZED,
                            "the copy of the collection inflates to more than " + MAX_INFLATED_BYTES + " bytes");
                }
                out.write(chunk, 0, read);
            }
            return out.toByteArray();
        } catch (IOException _) {
            throw new WireRefusal(Reason.MALFORMED, "the copy of the collection is not a gzip stream");
        }
    }
}

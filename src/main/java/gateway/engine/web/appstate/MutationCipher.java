package gateway.engine.web.appstate;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import gateway.engine.web.primitive.AesCbc;
import gateway.engine.web.primitive.Hmac;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.engine.web.proto.HistoryProto.SyncActionData;
import gateway.engine.web.proto.HistoryProto.SyncdKeyId;
import gateway.engine.web.proto.HistoryProto.SyncdMutation;
import gateway.engine.web.proto.HistoryProto.SyncdRecord;

/**
 * The encryption of one record: {@code iv ‖ AES-256-CBC(SyncActionData) ‖ valueMac}, named by the MAC of its index. The
 * value's MAC is checked before the decryption, the index' MAC after it, both over the bytes as they are.
 */
public final class MutationCipher {
    /** The length of index and value MACs, in bytes. */
    public static final int MAC_BYTES = 32;

    private static final int MIN_BLOB_BYTES = 2 * AesCbc.BLOCK_BYTES + MAC_BYTES;
    private static final byte SET = 1;
    private static final byte REMOVE = 2;
    private static final ObjectMapper JSON = new ObjectMapper();

    private MutationCipher() {}

    /**
     * Encrypts a record; {@code iv} has 16 fresh random bytes, {@code data} is written as it is, its padding included.
     */
    public static SyncdMutation encrypt(boolean set, SyncActionData data, byte[] iv, byte[] keyId, AppStateKeys keys) {
        byte[] encrypted = AesCbc.encrypt(keys.valueEncryption(), iv, data.toByteArray());
        byte[] content = ByteBuffer.allocate(iv.length + encrypted.length)
                .put(iv)
                .put(encrypted)
                .array();
        ByteString blob = ByteString.copyFrom(content).concat(ByteString.copyFrom(valueMac(set, content, keyId, keys)));
        byte[] indexMac = Hmac.sha256(keys.index(), data.getIndex().toByteArray());
        return SyncdMutation.newBuilder()
                .setOperation(set ? SyncdMutation.Operation.SET : SyncdMutation.Operation.REMOVE)
                .setRecord(SyncdRecord.newBuilder()
                        .setIndex(SyncdRecord.SyncdBytes.newBuilder().setBlob(ByteString.copyFrom(indexMac)))
                        .setValue(SyncdRecord.SyncdBytes.newBuilder().setBlob(blob))
                        .setKeyId(SyncdKeyId.newBuilder().setId(ByteString.copyFrom(keyId))))
                .build();
    }

    /**
     * Decrypts a record.
     *
     * @throws WireRefusal ({@code BAD_MAC}) when a MAC does not match; ({@code MALFORMED}) for what is no record
     */
    public static Mutation decrypt(boolean set, SyncdRecord record, AppStateKeys keys) throws WireRefusal {
        byte[] blob = record.getValue().getBlob().toByteArray();
        if (blob.length < MIN_BLOB_BYTES) {
            throw new WireRefusal(Reason.MALFORMED, "a record's value has only " + blob.length + " bytes");
        }
        byte[] content = Arrays.copyOf(blob, blob.length - MAC_BYTES);
        byte[] valueMac = Arrays.copyOfRange(blob, content.length, blob.length);
        if (!Hmac.equal(
                valueMac, valueMac(set, content, record.getKeyId().getId().toByteArray(), keys))) {
            throw new WireRefusal(Reason.BAD_MAC, "a record's value MAC does not match");
        }
        byte[] plain = AesCbc.decrypt(
                keys.valueEncryption(),
                Arrays.copyOf(content, AesCbc.BLOCK_BYTES),
                Arrays.copyOfRange(content, AesCbc.BLOCK_BYTES, content.length));
        SyncActionData data = data(plain);
        byte[] index = data.getIndex().toByteArray();
        ByteString indexMac = record.getIndex().getBlob();
        if (!Hmac.equal(indexMac.toByteArray(), Hmac.sha256(keys.index(), index))) {
            throw new WireRefusal(Reason.BAD_MAC, "a record's index MAC does not match");
        }
        return new Mutation(set, indexMac, ByteString.copyFrom(valueMac), names(index), data);
    }

    /** The value MAC that stands at the end of a record's value, unchecked. */
    static byte[] statedMac(SyncdRecord record) throws WireRefusal {
        ByteString blob = record.getValue().getBlob();
        if (blob.size() < MIN_BLOB_BYTES) {
            throw new WireRefusal(Reason.MALFORMED, "a record's value has only " + blob.size() + " bytes");
        }
        return blob.substring(blob.size() - MAC_BYTES).toByteArray();
    }

    private static byte[] valueMac(boolean set, byte[] content, byte[] keyId, AppStateKeys keys) {
        byte[] length =
                ByteBuffer.allocate(Long.BYTES).putLong(keyId.length + 1L).array();
        return Arrays.copyOf(
                Hmac.sha512(keys.valueMac(), new byte[] {set ? SET : REMOVE}, keyId, content, length), MAC_BYTES);
    }

    private static SyncActionData data(byte[] plain) throws WireRefusal {
        try {
            return SyncActionData.parseFrom(plain);
        } catch (InvalidProtocolBufferException _) {
            throw new WireRefusal(Reason.MALFORMED, "a record's content is no protobuf");
        }
    }

    /** The texts of a record's index; empty when the bytes are not a list of texts. */
    static Optional<List<String>> names(byte[] index) {
        try {
            JsonNode list = JSON.readTree(new String(index, StandardCharsets.UTF_8));
            List<String> names = new ArrayList<>();
            for (JsonNode name : list) {
                names.add(name.textValue());
            }
            return list.isArray() && !names.contains(null) ? Optional.of(List.copyOf(names)) : Optional.empty();
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }
}

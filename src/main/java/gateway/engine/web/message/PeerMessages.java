package gateway.engine.web.message;

import java.time.Instant;
import java.util.List;

import com.google.protobuf.ByteString;

import gateway.engine.web.proto.MessageProto.AppStateSyncKeyId;
import gateway.engine.web.proto.MessageProto.AppStateSyncKeyRequest;
import gateway.engine.web.proto.MessageProto.Message;
import gateway.engine.web.proto.MessageProto.MessageKey;
import gateway.engine.web.proto.MessageProto.PeerDataOperationRequest;
import gateway.engine.web.proto.MessageProto.ProtocolMessage;

/** What a device asks its own phone for, as messages before padding and encryption (dossier web-3 §5.5, §6). */
public final class PeerMessages {
    private static final int HISTORY_ON_DEMAND = 3;
    private static final int PLACEHOLDER_RESEND = 4;
    private static final int COLLECTION_RECOVERY = 8;

    private PeerMessages() {}

    /** Asks for app-state keys. */
    public static Message keyRequest(List<byte[]> keyIds) {
        AppStateSyncKeyRequest.Builder request = AppStateSyncKeyRequest.newBuilder();
        keyIds.forEach(id -> request.addKeyIds(AppStateSyncKeyId.newBuilder().setKeyId(ByteString.copyFrom(id))));
        return message(ProtocolMessage.newBuilder()
                .setType(ProtocolMessage.Type.APP_STATE_SYNC_KEY_REQUEST)
                .setAppStateSyncKeyRequest(request));
    }

    /**
     * Asks for messages of a chat that are older than one.
     *
     * @param oldest the oldest message that is known
     * @param at     its time
     * @param count  how many older ones at most
     */
    public static Message olderHistory(MessageKey oldest, Instant at, int count) {
        return operation(
                HISTORY_ON_DEMAND,
                PeerDataOperationRequest.newBuilder()
                        .setHistorySyncOnDemandRequest(PeerDataOperationRequest.HistorySyncOnDemand.newBuilder()
                                .setChatJid(oldest.getRemoteJid())
                                .setOldestMsgId(oldest.getId())
                                .setOldestMsgFromMe(oldest.getFromMe())
                                .setOnDemandMsgCount(count)
                                .setOldestMsgTimestampMs(at.toEpochMilli())));
    }

    /** Asks for messages that could not be read. */
    public static Message resend(List<MessageKey> messages) {
        PeerDataOperationRequest.Builder request = PeerDataOperationRequest.newBuilder();
        messages.forEach(key -> request.addPlaceholderMessageResendRequest(
                PeerDataOperationRequest.PlaceholderMessageResend.newBuilder().setMessageKey(key)));
        return operation(PLACEHOLDER_RESEND, request);
    }

    /** Asks for the phone's copy of a collection whose state here does not fit any more. */
    public static Message collectionRecovery(String collection, Instant now) {
        return operation(
                COLLECTION_RECOVERY,
                PeerDataOperationRequest.newBuilder()
                        .setSyncdCollectionFatalRecoveryRequest(PeerDataOperationRequest.CollectionRecovery.newBuilder()
                                .setCollectionName(collection)
                                .setTimestamp(now.getEpochSecond())));
    }

    private static Message operation(int type, PeerDataOperationRequest.Builder request) {
        return message(ProtocolMessage.newBuilder()
                .setType(ProtocolMessage.Type.PEER_DATA_OPERATION_REQUEST_MESSAGE)
                .setPeerDataOperationRequestMessage(request.setPeerDataOperationRequestType(type)));
    }

    private static Message message(ProtocolMessage.Builder protocol) {
        return Message.newBuilder().setProtocolMessage(protocol).build();
    }
}

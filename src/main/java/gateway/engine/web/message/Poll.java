package gateway.engine.web.message;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import gateway.digest.Sha256;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.engine.web.proto.MessageProto.Message;
import gateway.engine.web.proto.MessageProto.MessageContextInfo;
import gateway.engine.web.proto.MessageProto.PollCreationMessage;
import gateway.engine.web.proto.MessageProto.PollUpdateMessage.PollEncValue;
import gateway.engine.web.proto.MessageProto.PollVoteMessage;

/**
 * A poll as far as its votes need it. A vote names answers by their hashes, and is encrypted by the poll's secret
 * (web-2 §4.2).
 *
 * @param secret  the secret of the message that made the poll, 32 bytes
 * @param answers the answers to choose from, in order
 */
public record Poll(byte[] secret, List<String> answers) {
    /** How many answers a poll may have to be kept; WhatsApp's clients offer twelve. */
    public static final int MAX_ANSWERS = 64;
    /** The longest form of a poll that is kept, in bytes. */
    public static final int MAX_BYTES = 16_384;

    public Poll {
        secret = secret.clone();
        answers = List.copyOf(answers);
    }

    /** The poll of a creation; empty without a secret, and for one that is larger than any client makes it. */
    public static Optional<Poll> of(PollCreationMessage creation, byte[] secret) {
        if (secret.length != MessageSecret.SECRET_BYTES
                || creation.getOptionsCount() > MAX_ANSWERS
                || creation.getSerializedSize() > MAX_BYTES) {
            return Optional.empty();
        }
        return Optional.of(new Poll(
                secret,
                creation.getOptionsList().stream()
                        .map(PollCreationMessage.Option::getOptionName)
                        .toList()));
    }

    /** The form in which a poll is kept. */
    public byte[] written() {
        PollCreationMessage.Builder creation = PollCreationMessage.newBuilder();
        answers.forEach(answer ->
                creation.addOptions(PollCreationMessage.Option.newBuilder().setOptionName(answer)));
        return Message.newBuilder()
                .setPollCreationMessage(creation)
                .setMessageContextInfo(MessageContextInfo.newBuilder().setMessageSecret(ByteString.copyFrom(secret)))
                .build()
                .toByteArray();
    }

    /**
     * Reads the form in which a poll is kept.
     *
     * @throws WireRefusal ({@code MALFORMED}) for other bytes
     */
    public static Poll read(byte[] written) throws WireRefusal {
        try {
            Message message = Message.parseFrom(written);
            return of(
                            message.getPollCreationMessage(),
                            message.getMessageContextInfo().getMessageSecret().toByteArray())
                    .orElseThrow(() -> new WireRefusal(Reason.MALFORMED, "not a kept poll"));
        } catch (InvalidProtocolBufferException _) {
            throw new WireRefusal(Reason.MALFORMED, "not a kept poll");
        }
    }

    /**
     * Decrypts a vote: the chosen answers in the poll's order, none when the vote was taken back.
     *
     * @param targets the same poll and voter under each pair of their addresses, the likeliest first
     * @throws WireRefusal ({@code BAD_MAC}) when no pair fits; ({@code MALFORMED}) for a vote that is not one, or that
     *     chooses what the poll does not offer
     */
    public List<String> open(PollEncValue vote, List<MessageSecret.Target> targets) throws WireRefusal {
        WireRefusal last = new WireRefusal(Reason.BAD_MAC, "nobody to whom the vote could belong");
        for (MessageSecret.Target target : targets) {
            try {
                return chosen(MessageSecret.decrypt(
                        MessageSecret.Use.POLL_VOTE,
                        secret,
                        target,
                        vote.getEncIv().toByteArray(),
                        vote.getEncPayload().toByteArray()));
            } catch (WireRefusal e) {
                if (e.reason() != Reason.BAD_MAC) {
                    throw e;
                }
                last = e;
            }
        }
        throw last;
    }

    private List<String> chosen(byte[] plain) throws WireRefusal {
        Set<ByteString> hashes;
        try {
            hashes = new HashSet<>(PollVoteMessage.parseFrom(plain).getSelectedOptionsList());
        } catch (InvalidProtocolBufferException _) {
            throw new WireRefusal(Reason.MALFORMED, "the vote is not protobuf");
        }
        List<String> chosen = new ArrayList<>();
        for (String answer : answers) {
            if (hashes.remove(hash(answer))) {
                chosen.add(answer);
            }
        }
        if (!hashes.isEmpty()) {
            throw new WireRefusal(Reason.MALFORMED, "the vote chooses what the poll does not offer");
        }
        return chosen;
    }

    /** Encrypts a vote; {@code iv} has 12 fresh random bytes. */
    public PollEncValue seal(List<String> chosen, MessageSecret.Target target, byte[] iv) {
        PollVoteMessage.Builder vote = PollVoteMessage.newBuilder();
        chosen.forEach(answer -> vote.addSelectedOptions(hash(answer)));
        byte[] encrypted = MessageSecret.encrypt(
                MessageSecret.Use.POLL_VOTE, secret, target, iv, vote.build().toByteArray());
        return PollEncValue.newBuilder()
                .setEncPayload(ByteString.copyFrom(encrypted))
                .setEncIv(ByteString.copyFrom(iv))
                .build();
    }

    private static ByteString hash(String answer) {
        return ByteString.copyFrom(Sha256.of(answer));
    }
}

package gateway.engine.web.message;

import java.nio.charset.StandardCharsets;

import gateway.engine.web.primitive.AesGcm;
import gateway.engine.web.primitive.Hkdf;
import gateway.engine.web.primitive.WireRefusal;

/**
 * The encryption by a message's secret of what refers to the message: votes, reactions, edits. AES-256-GCM, 12 bytes of
 * vector, the tag at the end.
 */
public final class MessageSecret {
    /** The length of a secret and of a key, in bytes. */
    public static final int SECRET_BYTES = 32;

    private MessageSecret() {}

    /** What is encrypted; the text goes into the key. */
    public enum Use {
        POLL_VOTE("Poll Vote", true),
        ENC_REACTION("Enc Reaction", false),
        ENC_COMMENT("Enc Comment", false),
        EVENT_RESPONSE("Event Response", true),
        EVENT_EDIT("Event Edit", false),
        MESSAGE_EDIT("Message Edit", false),
        POLL_EDIT("Poll Edit", false),
        POLL_ADD_OPTION("Poll Add Option", false),
        REPORT_TOKEN("Report Token", false),
        /** A bot's answer, whose secret is {@link #botBase} of the question's. */
        BOT_MESSAGE("", true);

        private final String text;
        private final boolean bound;

        Use(String text, boolean bound) {
            this.text = text;
            this.bound = bound;
        }

        /** The text of the key derivation. */
        public String text() {
            return text;
        }
    }

    /**
     * Whose message is referred to, by whom.
     *
     * @param id     the id of the message whose secret it is
     * @param author the JID of its author, with or without a device
     * @param sender the JID of who refers to it, in the very form (LID or number) that the sender used
     */
    public record Target(String id, String author, String sender) {
        public Target {
            author = BareJid.of(author);
            sender = BareJid.of(sender);
        }
    }

    /** The key of 32 bytes. */
    public static byte[] key(Use use, byte[] secret, Target target) {
        return Hkdf.derive(secret, Hkdf.NO_SALT, target.id + target.author + target.sender + use.text, SECRET_BYTES);
    }

    /** The secret that a bot's answers are encrypted by, of the secret of the question. */
    public static byte[] botBase(byte[] secret) {
        return Hkdf.derive(secret, Hkdf.NO_SALT, "Bot Message", SECRET_BYTES);
    }

    /** Encrypts; {@code iv} has 12 fresh random bytes. */
    public static byte[] encrypt(Use use, byte[] secret, Target target, byte[] iv, byte[] plain) {
        return AesGcm.encrypt(key(use, secret, target), iv, plain, additional(use, target));
    }

    /**
     * Decrypts.
     *
     * @throws WireRefusal ({@code BAD_MAC}) for another secret, another target or changed bytes; ({@code MALFORMED})
     *     for wrong lengths
     */
    public static byte[] decrypt(Use use, byte[] secret, Target target, byte[] iv, byte[] encrypted)
            throws WireRefusal {
        return AesGcm.decrypt(key(use, secret, target), iv, encrypted, additional(use, target));
    }

    /** The additional data that binds the vote to the voter. */
    static byte[] additional(Use use, Target target) {
        return use.bound ? (target.id + '\0' + target.sender).getBytes(StandardCharsets.UTF_8) : new byte[0];
    }
}

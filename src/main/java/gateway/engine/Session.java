package gateway.engine;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One account's connection to WhatsApp. Safe for many threads. Methods that ask WhatsApp block, at most for the
 * engine's own time limit.
 */
public interface Session extends AutoCloseable {

    /** How the connection stands. Never waits: it is asked from within the transaction that stores an event. */
    Status status();

    /**
     * Begins pairing and returns the code to be shown as a QR image. While that code is valid, a further call returns
     * it again; then the next one.
     *
     * @throws EngineRefusal {@link EngineRefusal.Reason#ALREADY_PAIRED}
     */
    PairingCode pair();

    /**
     * Begins pairing by a code that the person types on the phone, such as {@code ABCD-1234}.
     *
     * @param phone digits, E.164 without the plus sign
     */
    String pairByPhone(String phone);

    /** The passkey step of the pairing that is under way. */
    default PasskeyStep passkey() {
        return PasskeyStep.NONE;
    }

    /** Drops the connection and connects again. */
    void reconnect();

    /**
     * Hears that another node of this gateway, which served the account before, has closed its connection. When the
     * connection of that node had replaced this connection, this connection is opened again.
     */
    default void otherLeft() {}

    /** What carries the connection. */
    default Wire wire() {
        return Wire.NONE;
    }

    /** Unpairs the account; chats and messages stay. Of an account that is not paired it ends the passkey step. */
    void logout();

    /**
     * Hands a message to WhatsApp and returns when WhatsApp has taken it.
     *
     * <p>Called again with the same id after a failure or a crash; the engine makes sure that WhatsApp shows it once.
     * An engine that keeps key state (Signal's ratchets) stores the new state before the first byte goes out.
     *
     * @param id the gateway's id of the message, never used for another
     * @throws EngineRefusal when this message will never be taken, or not now; the reason says which
     */
    Sent send(String id, Jid chat, Content content);

    /**
     * As {@link #send}, of a message that was most likely never handed over before: the engine need not look first
     * whether it knows the message.
     */
    default Sent sendFirst(String id, Jid chat, Content content) {
        return send(id, chat, content);
    }

    /**
     * Downloads a file that came with a message and was not downloaded then. Asked again it may give the same file.
     *
     * @param id WhatsApp's own id of the message
     * @throws EngineRefusal {@code REJECTED} when WhatsApp has the file no longer, {@code TRY_LATER} when it may have
     *     it later
     */
    default MediaFile fetch(String id, Jid chat, RemoteFile file) {
        throw EngineRefusal.unsupported("files that are downloaded later");
    }

    /** Whether the number has WhatsApp. */
    boolean isOnWhatsApp(Jid user);

    /** What WhatsApp tells of a user; empty when the number has no WhatsApp. */
    Optional<UserInfo> userInfo(Jid user);

    /** The paired devices, this one among them; empty when not paired. */
    List<LinkedDevice> devices();

    /** The account's contacts. An engine without contacts refuses, as it does for each of the next methods. */
    default Contacts contacts() {
        throw EngineRefusal.unsupported("contacts");
    }

    default Groups groups() {
        throw EngineRefusal.unsupported("groups");
    }

    default Newsletters newsletters() {
        throw EngineRefusal.unsupported("channels");
    }

    default Profile profile() {
        throw EngineRefusal.unsupported("profiles");
    }

    default Marks marks() {
        throw EngineRefusal.unsupported("marks on chats and messages");
    }

    default Presence presence() {
        throw EngineRefusal.unsupported("presence and calls");
    }

    /**
     * Ends the connection for good: from then on no event is told, and what asks WhatsApp is refused as
     * {@code NOT_CONNECTED}. The account stays paired. Closing again does nothing.
     */
    @Override
    void close();

    /**
     * How many one-time keys WhatsApp still has of this account, as it said last; strangers need them to write first.
     * Empty when WhatsApp has not said it since the connection came up.
     */
    default OptionalInt preKeysLeft() {
        return OptionalInt.empty();
    }

    /**
     * What stands between the account and WhatsApp.
     *
     * @param account present when paired
     * @param standing since when and why; empty when this node does not know
     */
    record Status(boolean connected, Optional<Jid> account, Optional<Standing> standing) {
        public Status(boolean connected, Optional<Jid> account) {
            this(connected, account, Optional.empty());
        }

        public boolean loggedIn() {
            return account.isPresent();
        }
    }

    /** The text of a QR image, and how long a phone accepts it from now on. The text is a secret: it links a device. */
    record PairingCode(String text, Duration validFor) {}

    /** WhatsApp's own id of the message, and when its server took it (epoch milliseconds). */
    record Sent(String wireId, long at) {}

    /**
     * What WhatsApp tells of a user; {@code verifiedName}, {@code about} and {@code pictureId} are empty strings when
     * unknown.
     *
     * @param lid the person's other address, which hides the number, when WhatsApp told it
     * @param devices the person's devices, each with its {@link Jid#device}
     */
    record UserInfo(String verifiedName, String about, String pictureId, Optional<Jid> lid, List<Jid> devices) {
        public UserInfo {
            devices = List.copyOf(devices);
        }
    }

    /** A paired device of the account; {@code jid} has its {@link Jid#device}. */
    record LinkedDevice(String name, Jid jid) {}
}

package gateway.engine.sandbox;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

import gateway.engine.EngineRefusal;
import gateway.engine.EngineRefusal.Reason;
import gateway.engine.Event;
import gateway.engine.Jid;
import gateway.engine.MediaFiles;
import gateway.process.FilesUnavailable;
import gateway.store.Store;
import gateway.store.Tx;

/**
 * One account's part of the pretended WhatsApp: what its contacts, groups, channels and marks share.
 *
 * @param self the paired account's address; throws {@link EngineRefusal} when there is none
 * @param online as {@code self}, and throws when the connection is down, because WhatsApp cannot be asked then
 * @param wake tells the pump that an event waits
 */
record World(
        Store store,
        MediaFiles media,
        String device,
        InstantSource clock,
        Supplier<Jid> self,
        Supplier<Jid> online,
        Runnable wake) {
    /** Deeds kept for the tester to look at. */
    private static final int DEEDS = 1_000;
    /** Numbers that end in {@code 0000} have no WhatsApp; all others do. */
    static boolean isOnWhatsApp(Jid user) {
        return !user.user().endsWith("0000");
    }

    /**
     * The pretended LID of a person: the digits of the number, backwards, after a 1. Empty for an address that is no
     * number.
     */
    static Optional<Jid> lid(Jid user) {
        return user.server().equals(Jid.USER)
                ? Optional.of(new Jid("1" + new StringBuilder(user.user()).reverse(), Jid.LID))
                : Optional.empty();
    }

    static EngineRefusal missing(String what) {
        return new EngineRefusal(Reason.NO_SUCH_RECIPIENT, what);
    }

    static EngineRefusal rejected(String sentence) {
        return new EngineRefusal(Reason.REJECTED, sentence);
    }

    /** Notes what the account did, so that a test can see it. */
    void deed(String deed, String subject, String detail) {
        store.write(tx -> {
            deed(tx, deed, subject, detail);
            return null;
        });
    }

    void deed(Tx tx, String deed, String subject, String detail) {
        tx.insert(
                "INSERT INTO sandbox_deed (device, deed, subject, detail, done_at) VALUES (?, ?, ?, ?, ?)",
                device,
                deed,
                subject,
                detail,
                clock.millis());
        tx.delete("""
                DELETE FROM sandbox_deed WHERE device = ? AND seq <= (SELECT max(seq) FROM sandbox_deed WHERE device = ?) - ?""", device, device, DEEDS);
    }

    /** Makes something happen: the gateway is told of it as soon as it takes it. */
    void tell(Tx tx, Event event) {
        tx.insert("""
                INSERT INTO sandbox_pending (device, kind, wire_id, chat, sender, payload, due_at)
                VALUES (?, ?, '', ?, ?, ?, ?)""", device, EventJson.kind(event), NOBODY, NOBODY, EventJson.write(event), event.at());
    }

    private static final String NOBODY = Jid.ofPhone("0").toString();

    /** Keeps a copy of a picture and returns the file's name. */
    String picture(Path jpeg) {
        var copy = media.incoming();
        try {
            java.nio.file.Files.copy(jpeg, copy);
            return media.keep(device, copy, "image/jpeg", "jpg", "").id();
        } catch (java.io.IOException e) {
            media.discard(copy);
            throw new FilesUnavailable(e);
        }
    }

    /** Removes a file that nothing names any more. */
    void drop(String id) {
        try {
            media.remove(device, id);
        } catch (java.io.IOException e) {
            throw new FilesUnavailable(e);
        }
    }
}

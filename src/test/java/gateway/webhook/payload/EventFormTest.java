package gateway.webhook.payload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import gateway.engine.Content;
import gateway.engine.Content.Media.Type;
import gateway.engine.Event;
import gateway.engine.Jid;
import gateway.engine.MediaFile;
import gateway.engine.RemoteFile;

/** Every kind of event in both forms (the contract's §3.1 and §3.2). */
class EventFormTest {
    private static final Account ACCOUNT = new Account("main", Optional.of(Jid.ofPhone("12025550123")));
    private static final Jid ANN = Jid.ofPhone("12025550101");
    private static final Jid TEAM = new Jid("120363025246125486", Jid.GROUP);
    private static final long AT = 1_763_719_200_000L;
    private static final String FILE = "0123456789abcdef0123456789abcdef.jpg";

    private static String v7(Event event) {
        return PayloadDialect.V7.render(ACCOUNT, event).orElse("");
    }

    private static String v8(Event event) {
        return PayloadDialect.V8.render(ACCOUNT, event).orElse("");
    }

    private static Event message(Content content) {
        return new Event.Message("ID1", ANN, ANN, false, "Ann", content, AT);
    }

    private static void holds(String json, String... parts) {
        for (var part : parts) {
            assertTrue(json.contains(part), part + " is not in " + json);
        }
    }

    @Test
    void aPictureIsNamedByItsPath() {
        var picture = message(new Content.Media(
                Type.IMAGE,
                new MediaFile(FILE, "image/jpeg", "a.jpg", 3, ""),
                "Look",
                true,
                false,
                Content.Options.NONE));
        holds(
                v7(picture),
                "\"image\":{\"media_path\":\"statics/media/main/" + FILE
                        + "\",\"mime_type\":\"image/jpeg\",\"caption\":\"Look\"}",
                "\"view_once\":true",
                "\"message\":{\"text\":\"\",\"id\":\"ID1\"");
        holds(
                v8(picture),
                "\"image\":{\"path\":\"statics/media/main/" + FILE + "\",\"caption\":\"Look\"}",
                "\"event\":\"message\"");
        var sound = message(new Content.Media(
                Type.AUDIO, new MediaFile(FILE, "audio/ogg", "", 3, ""), "", false, true, Content.Options.NONE));
        holds(v8(sound), "\"audio\":\"statics/media/main/" + FILE + "\"");
    }

    @Test
    void aFileThatWasNotDownloadedIsAnnounced() {
        var picture = message(new Content.Media(
                Type.IMAGE,
                new RemoteFile("image/jpeg", "", 3, "0a".repeat(32)),
                "",
                false,
                false,
                Content.Options.NONE));
        var known = "\"pending\":true,\"size\":3,\"sha256\":\"" + "0a".repeat(32) + "\"}";
        holds(v7(picture), "\"image\":{\"media_path\":\"\",\"mime_type\":\"image/jpeg\",\"caption\":\"\"," + known);
        holds(v8(picture), "\"image\":{\"path\":\"\",\"caption\":\"\",\"mime_type\":\"image/jpeg\"," + known);
    }

    @Test
    void whatCannotBeShownIsToldInWords() {
        var came = message(new Content.Unsupported("album", Content.Options.NONE));
        holds(
                v7(came),
                "\"text\":\"A message came that cannot be shown here: album\"",
                "\"unsupported\":{\"type\":\"album\"}");
        holds(
                v8(came),
                "\"body\":\"A message came that cannot be shown here: album\"",
                "\"unsupported\":{\"type\":\"album\"}");
    }

    @Test
    void aMessageThatIsRefusedAfterwardsIsAReceipt() {
        var failed = new Event.Failed("ID1", ANN, 131_026, "undeliverable", AT);
        holds(
                v7(failed),
                "\"event\":\"message.ack\"",
                "\"ids\":[\"ID1\"]",
                "\"receipt_type\":\"failed\"",
                "\"error_code\":131026");
        holds(
                v8(failed),
                "\"event\":\"message.ack\"",
                "\"ids\":[\"ID1\"]",
                "\"receipt_type\":\"failed\"",
                "\"error\":\"undeliverable\"",
                "\"from\":\"12025550101@s.whatsapp.net\"");
    }

    @Test
    void cardsAndPlacesKeepWhatsAppsOwnNames() {
        var card = message(new Content.Card("Carol", "BEGIN:VCARD", Content.Options.NONE));
        holds(v7(card), "\"contact\":{\"displayName\":\"Carol\",\"vcard\":\"BEGIN:VCARD\"}");
        holds(v8(card), "\"contact\":{\"displayName\":\"Carol\"");
        var place = message(new Content.Location(1.5, 2.5, "Home", "", true, Content.Options.NONE));
        holds(v7(place), "\"live_location\":{\"degreesLatitude\":1.5,\"degreesLongitude\":2.5,\"name\":\"Home\"}");
    }

    @Test
    void changesOfAMessageSayWhichAndHow() {
        var reaction = message(new Content.Reaction("T1", "👍"));
        holds(v7(reaction), "\"reaction\":{\"message\":\"👍\",\"id\":\"T1\"}");
        holds(v8(reaction), "\"event\":\"message.reaction\"", "\"reacted_message_id\":\"T1\"");
        var revoked = message(new Content.Revoke("T1", false));
        holds(
                v7(revoked),
                "\"action\":\"message_revoked\"",
                "\"revoked_message_id\":\"T1\"",
                "\"revoked_from_me\":false");
        holds(v8(revoked), "\"event\":\"message.revoked\"", "\"revoked_chat\":\"" + ANN + "\"");
        var edited = message(new Content.Edit("T1", "new words"));
        holds(v7(edited), "\"action\":\"message_edited\"", "\"edited_text\":\"new words\"");
        holds(v8(edited), "\"event\":\"message.edited\"", "\"original_message_id\":\"T1\"", "\"body\":\"new words\"");
    }

    @Test
    void aDeletedMessageIsToldWithWhatItWas() {
        var deleted = new Event.DeletedForMe(
                "T1",
                ANN,
                ANN,
                Optional.of(new Event.DeletedForMe.Original("plan", ANN, false, "image", "a.jpg", AT)),
                AT);
        holds(
                v7(deleted),
                "\"action\":\"event.delete_for_me\"",
                "\"original_content\":\"plan\"",
                "\"original_media_type\":\"image\"");
        holds(v8(deleted), "\"event\":\"message.deleted\"", "\"was_from_me\":false");
    }

    @Test
    void groupsChannelsCallsTypingAndLabelsHaveTheirForms() {
        var members = new Event.Members(TEAM, Event.Members.Change.PROMOTE, List.of(ANN), AT);
        holds(v7(members), "\"event\":\"group.participants\"", "\"type\":\"promote\"", "\"jids\":[\"" + ANN + "\"]");
        holds(
                v8(new Event.GroupJoined(TEAM, "Team", "invite", List.of(ANN), AT)),
                "\"event\":\"group.joined\"",
                "\"group_name\":\"Team\"");
        var call = new Event.CallOffer("C1", ANN, Optional.empty(), "android", true, AT);
        holds(v8(call), "\"event\":\"call.offer\"", "\"auto_rejected\":true");
        var typing = new Event.Typing(TEAM, ANN, true, false, AT);
        holds(v8(typing), "\"event\":\"chat_presence\"", "\"state\":\"composing\"", "\"is_group\":true");
        var muted = new Event.Newsletter(Event.Newsletter.Change.MUTE, new Jid("1", Jid.NEWSLETTER), "", "on", "", AT);
        holds(v8(muted), "\"event\":\"newsletter.mute\"", "\"mute\":\"on\"");
        holds(v8(new Event.LabelChat("L", ANN, true, AT)), "\"event\":\"label.association\"", "\"labeled\":true");
        var identity = new Event.IdentityChanged(ANN, AT);
        holds(v8(identity), "\"event\":\"contact.identity\"", "\"from\":\"" + ANN + "\"", "\"timestamp\":\"2025-");
        for (var event : List.of(call, typing, muted, identity)) {
            assertEquals("", v7(event), "version 7 knows nothing of it");
        }
    }
}

package gateway.engine.web.appstate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

import gateway.engine.web.proto.HistoryProto.SyncActionData;
import gateway.engine.web.proto.HistoryProto.SyncActionValue;

class StateNewsTest {
    private static final String ADA = "14155550101@s.whatsapp.net";
    private static final String ADA_LID = "100000000000101@lid";

    private static List<StateNews> news(boolean set, SyncActionValue.Builder value, String... index) {
        return StateNews.of(new Mutation(
                set,
                ByteString.EMPTY,
                ByteString.EMPTY,
                Optional.of(List.of(index)),
                SyncActionData.newBuilder().setValue(value).build()));
    }

    @Test
    void aContactIsANameAndAPairOfAddresses() {
        var contact = SyncActionValue.newBuilder()
                .setContactAction(SyncActionValue.ContactAction.newBuilder()
                        .setFullName("Ada Lovelace")
                        .setFirstName("Ada")
                        .setLidJid(ADA_LID));
        assertEquals(
                List.of(new StateNews.Pair(ADA_LID, ADA), new StateNews.ContactName(ADA, "Ada Lovelace")),
                news(true, contact, "contact", ADA));
        assertEquals(List.of(new StateNews.ContactName(ADA, "")), news(false, contact, "contact", ADA));
        var byLid = SyncActionValue.newBuilder()
                .setContactAction(SyncActionValue.ContactAction.newBuilder()
                        .setFirstName("Ada")
                        .setPnJid(ADA));
        assertEquals(
                List.of(new StateNews.Pair(ADA_LID, ADA), new StateNews.ContactName(ADA_LID, "Ada")),
                news(true, byLid, "contact", ADA_LID));
    }

    @Test
    void aMarkIsTakenOffByARemoval() {
        var pinned = SyncActionValue.newBuilder()
                .setPinAction(SyncActionValue.PinAction.newBuilder().setPinned(true));
        assertEquals(
                List.of(new StateNews.ChatMark(ADA, StateNews.ChatMark.Kind.PINNED, true)),
                news(true, pinned, "pin_v1", ADA));
        assertEquals(
                List.of(new StateNews.ChatMark(ADA, StateNews.ChatMark.Kind.PINNED, false)),
                news(false, pinned, "pin_v1", ADA));
        assertEquals(
                List.of(new StateNews.ChatMark(ADA, StateNews.ChatMark.Kind.ARCHIVED, false)),
                news(true, SyncActionValue.newBuilder(), "archive", ADA));
        assertEquals(
                List.of(new StateNews.Star(ADA, "3EB0", true)),
                news(
                        true,
                        SyncActionValue.newBuilder()
                                .setStarAction(
                                        SyncActionValue.StarAction.newBuilder().setStarred(true)),
                        "star",
                        ADA,
                        "3EB0",
                        "0",
                        "0"));
    }

    @Test
    void labelsAndRemovedMessagesAreTold() {
        assertEquals(
                List.of(new StateNews.Label("7", "Urgent", 3, false)),
                news(
                        true,
                        SyncActionValue.newBuilder()
                                .setLabelEditAction(SyncActionValue.LabelEditAction.newBuilder()
                                        .setName("Urgent")
                                        .setColor(3)),
                        "label_edit",
                        "7"));
        assertEquals(
                List.of(new StateNews.LabelOnChat("7", ADA, true)),
                news(
                        true,
                        SyncActionValue.newBuilder()
                                .setLabelAssociationAction(SyncActionValue.LabelAssociationAction.newBuilder()
                                        .setLabeled(true)),
                        "label_jid",
                        "7",
                        ADA));
        assertEquals(
                List.of(new StateNews.Deleted(ADA, "3EB0", "0")),
                news(true, SyncActionValue.newBuilder(), "deleteMessageForMe", ADA, "3EB0", "1", "0"));
    }

    @Test
    void whatIsNotKnownOrHasAnotherFormSaysNothing() {
        var value = SyncActionValue.newBuilder();
        assertEquals(List.of(), news(true, value, "sentinel"));
        assertEquals(List.of(), news(true, value, "pin_v1"));
        assertEquals(List.of(), news(true, value, "pnForLidChat", ADA_LID));
        assertEquals(List.of(), news(true, value, "nct_salt_sync"));
        assertEquals(List.of(), news(false, value, "setting_pushName"));
        assertEquals(
                List.of(),
                StateNews.of(new Mutation(
                        true,
                        ByteString.EMPTY,
                        ByteString.EMPTY,
                        Optional.empty(),
                        SyncActionData.getDefaultInstance())));
    }
}

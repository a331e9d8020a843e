package gateway.engine.web.appstate;

import java.util.List;
import java.util.Optional;

import gateway.engine.web.proto.HistoryProto.SyncActionValue;

/** What a record of the app state says, as far as the gateway has a place for it (dossier web-3 §5.6). */
public sealed interface StateNews {

    /** The address book's name of a person; empty when the entry was removed. */
    record ContactName(String person, String name) implements StateNews {}

    /** Two addresses of one person. */
    record Pair(String lid, String number) implements StateNews {}

    /** The account's own name. */
    record OwnName(String name) implements StateNews {}

    /** The salt of the tokens that stand in for missing privacy tokens. */
    record Salt(byte[] salt) implements StateNews {}

    /** A mark on a chat. */
    record ChatMark(String chat, Kind kind, boolean on) implements StateNews {
        /** What the mark says. */
        public enum Kind {
            PINNED,
            ARCHIVED
        }
    }

    /** A star on a message. */
    record Star(String chat, String message, boolean on) implements StateNews {}

    /** A message was removed from this account only; {@code participant} is {@code 0} outside of groups. */
    record Deleted(String chat, String message, String participant) implements StateNews {}

    /** A label was made, renamed or removed. */
    record Label(String id, String name, int color, boolean removed) implements StateNews {}

    /** A label was put on a chat, or taken off. */
    record LabelOnChat(String id, String chat, boolean on) implements StateNews {}

    /** What a change says; nothing for one whose kind is not known, or whose index has not the form of its kind. */
    static List<StateNews> of(Mutation mutation) {
        List<String> index = mutation.index().orElse(List.of());
        if (index.isEmpty()) {
            return List.of();
        }
        SyncActionValue value = mutation.data().getValue();
        boolean set = mutation.set();
        return switch (index.getFirst() + " " + index.size()) {
            case "contact 2" -> contact(index.get(1), value, set);
            case "lid_contact 2" -> {
                var contact = value.getLidContactAction();
                yield List.of(
                        new ContactName(index.get(1), set ? first(contact.getFullName(), contact.getFirstName()) : ""));
            }
            case "setting_pushName 1" ->
                set ? List.of(new OwnName(value.getPushNameSetting().getName())) : List.of();
            case "pnForLidChat 2" ->
                set && value.hasPnForLidChatAction()
                        ? List.of(new Pair(
                                index.get(1), value.getPnForLidChatAction().getPnJid()))
                        : List.of();
            case "nct_salt_sync 1" ->
                set && value.hasNctSaltSyncAction()
                        ? List.of(
                                new Salt(value.getNctSaltSyncAction().getSalt().toByteArray()))
                        : List.of();
            case "pin_v1 2" ->
                List.of(new ChatMark(
                        index.get(1),
                        ChatMark.Kind.PINNED,
                        set && value.getPinAction().getPinned()));
            case "archive 2" ->
                List.of(new ChatMark(
                        index.get(1),
                        ChatMark.Kind.ARCHIVED,
                        set && value.getArchiveChatAction().getArchived()));
            case "star 5" ->
                List.of(new Star(
                        index.get(1), index.get(2), set && value.getStarAction().getStarred()));
            case "deleteMessageForMe 5" ->
                set ? List.of(new Deleted(index.get(1), index.get(2), index.get(4))) : List.of();
            case "label_edit 2" -> {
                var label = value.getLabelEditAction();
                yield List.of(new Label(index.get(1), label.getName(), label.getColor(), !set || label.getDeleted()));
            }
            case "label_jid 3" ->
                List.of(new LabelOnChat(
                        index.get(1),
                        index.get(2),
                        set && value.getLabelAssociationAction().getLabeled()));
            default -> List.of();
        };
    }

    private static List<StateNews> contact(String person, SyncActionValue value, boolean set) {
        var contact = value.getContactAction();
        var name = new ContactName(person, set ? first(contact.getFullName(), contact.getFirstName()) : "");
        Optional<Pair> pair = !set
                ? Optional.empty()
                : contact.hasLidJid()
                        ? Optional.of(new Pair(contact.getLidJid(), person))
                        : contact.hasPnJid() ? Optional.of(new Pair(person, contact.getPnJid())) : Optional.empty();
        return pair.<List<StateNews>>map(both -> List.of(both, name)).orElse(List.of(name));
    }

    private static String first(String one, String other) {
        return one.isBlank() ? other : one;
    }
}

package gateway.engine.web.message;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

import gateway.engine.web.primitive.FieldReader;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/**
 * What a message's stanza says openly of its content, which the server and older clients go by (web-2 §2.2).
 *
 * @param type      of {@code <message>}: {@code text}, {@code media}, {@code poll}, {@code reaction}, {@code event}
 * @param mediaType of {@code <enc>}; the server drops media without it
 * @param edit      of {@code <message>}: 1 edit, 2 pin, 7 own revocation, 8 an administrator's
 * @param hidden    whether a client that cannot decrypt shows nothing
 * @param meta      the attribute of {@code <meta>} and its value, if there is one
 */
public record StanzaKind(
        String type,
        Optional<String> mediaType,
        Optional<String> edit,
        boolean hidden,
        Optional<Map.Entry<String, String>> meta) {
    private static final StanzaKind TEXT = plain("text");
    private static final StanzaKind POLL = plain("poll").marked("polltype", "creation");
    private static final StanzaKind EVENT = plain("event").marked("event_type", "creation");
    private static final StanzaKind URL = media("url");
    private static final int MAX_DEPTH = 8;
    private static final int PROTOCOL_REVOKE = 0;
    private static final int PROTOCOL_EDIT = 14;
    private static final int KEEP_UNDO = 2;
    private static final String EDITED = "1";
    private static final String PINNED = "2";
    private static final String TAKEN_BACK = "7";
    private static final String REVOKED_BY_ADMIN = "8";

    /** Messages that hold nothing but another message in field 1. */
    private static final Set<Integer> WRAPPERS =
            Set.of(37, 40, 53, 55, 58, 59, 62, 67, 74, 85, 87, 90, 91, 92, 93, 95, 96, 99, 100, 101, 103, 104, 106);
    /** Kinds that the number of the field alone decides. */
    private static final Map<Integer, StanzaKind> BY_FIELD = Map.ofEntries(
            Map.entry(3, media("image")),
            Map.entry(4, media("vcard")),
            Map.entry(5, media("location")),
            Map.entry(7, media("document")),
            Map.entry(13, media("contact_array")),
            Map.entry(18, media("livelocation")),
            Map.entry(26, media("sticker")),
            Map.entry(28, URL),
            Map.entry(30, media("product")),
            Map.entry(36, media("list")),
            Map.entry(38, media("order")),
            Map.entry(39, media("list_response")),
            Map.entry(43, media("buttons_response")),
            Map.entry(48, media("native_flow_response")),
            Map.entry(66, media("ptv")),
            Map.entry(49, POLL),
            Map.entry(60, POLL),
            Map.entry(64, POLL),
            Map.entry(111, POLL),
            Map.entry(119, POLL),
            Map.entry(50, plain("poll").marked("polltype", "vote").concealed()),
            Map.entry(56, plain("reaction").concealed()),
            Map.entry(63, TEXT.edited(PINNED).concealed()),
            Map.entry(75, EVENT),
            Map.entry(76, plain("event")));

    /**
     * The kind of an encoded Message.
     *
     * @throws WireRefusal ({@code MALFORMED}) for bytes that are none, ({@code OVERSIZED}) for too many wrappers
     */
    public static StanzaKind of(byte[] message) throws WireRefusal {
        return of(new FieldReader(message), 0);
    }

    private static StanzaKind of(FieldReader fields, int depth) throws WireRefusal {
        if (depth > MAX_DEPTH) {
            throw new WireRefusal(Reason.OVERSIZED, "a message stands in more than " + MAX_DEPTH + " others");
        }
        StanzaKind kind = TEXT;
        while (fields.next()) {
            int number = fields.number();
            if (WRAPPERS.contains(number)) {
                FieldReader inner = fields.message();
                while (inner.next()) {
                    kind = inner.number() == 1 ? of(inner.message(), depth + 1) : kind;
                }
            } else {
                kind = switch (number) {
                    case 6 -> isPresent(fields.message(), 2) ? URL : TEXT;
                    case 8 -> media(number(fields.message(), 6) == 0 ? "audio" : "ptt");
                    case 9 -> media(number(fields.message(), 8) == 0 ? "video" : "gif");
                    case 12 -> protocol(fields);
                    case 46 -> reaction(fields.message());
                    case 51 ->
                        number(fields.message(), 2) == KEEP_UNDO && isOurs(fields.message())
                                ? TEXT.edited(TAKEN_BACK).concealed()
                                : TEXT;
                    default -> BY_FIELD.getOrDefault(number, kind);
                };
            }
        }
        return kind;
    }

    private static StanzaKind protocol(FieldReader field) throws WireRefusal {
        if (!isPresent(field.message(), 1)) {
            return TEXT;
        }
        return switch (number(field.message(), 2)) {
            // Not concealed: the server is said to drop revocations that are.
            case PROTOCOL_REVOKE -> TEXT.edited(isOurs(field.message()) ? TAKEN_BACK : REVOKED_BY_ADMIN);
            case PROTOCOL_EDIT -> TEXT.edited(EDITED).concealed();
            default -> TEXT;
        };
    }

    private static StanzaKind reaction(FieldReader reaction) throws WireRefusal {
        StanzaKind kind = plain("reaction").concealed();
        return isPresent(reaction, 2) ? kind : kind.edited(TAKEN_BACK);
    }

    /** Whether the message key in field 1 says that the message is its sender's own. */
    private static boolean isOurs(FieldReader fields) throws WireRefusal {
        boolean ours = false;
        while (fields.next()) {
            if (fields.number() == 1) {
                ours = number(fields.message(), 2) != 0;
            }
        }
        return ours;
    }

    /** Whether a text or message is there and not empty. */
    private static boolean isPresent(FieldReader fields, int number) throws WireRefusal {
        boolean present = false;
        while (fields.next()) {
            if (fields.number() == number) {
                present = fields.bytes().length > 0;
            }
        }
        return present;
    }

    private static int number(FieldReader fields, int number) throws WireRefusal {
        int value = 0;
        while (fields.next()) {
            if (fields.number() == number) {
                value = fields.uint32();
            }
        }
        return value;
    }

    private static StanzaKind plain(String type) {
        return new StanzaKind(type, Optional.empty(), Optional.empty(), false, Optional.empty());
    }

    private static StanzaKind media(String mediaType) {
        return new StanzaKind("media", Optional.of(mediaType), Optional.empty(), false, Optional.empty());
    }

    private StanzaKind edited(String how) {
        return new StanzaKind(type, mediaType, Optional.of(how), hidden, meta);
    }

    private StanzaKind concealed() {
        return new StanzaKind(type, mediaType, edit, true, meta);
    }

    private StanzaKind marked(String name, String value) {
        return new StanzaKind(type, mediaType, edit, hidden, Optional.of(Map.entry(name, value)));
    }
}

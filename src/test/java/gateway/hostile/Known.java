package gateway.hostile;

/**
 * What a well-meaning client knows of the server under test.
 *
 * @param message id of a message in the chat with {@link #ALICE}
 * @param group   address of a group
 */
record Known(String message, String group) {
    static final String ALICE = "12025550101";

    /** A plausible value of a field {@code name:type}, or of a place in a path. */
    String text(Route route, String field) {
        var name = field.contains(":") ? field.substring(0, field.indexOf(':')) : field;
        var type = field.substring(field.indexOf(':') + 1);
        return switch (name) {
            case "phone", "contact_phone", "from", "owner", "caller_jid" -> ALICE;
            case "chat_jid", "chat" -> ALICE + "@s.whatsapp.net";
            case "message_id", "reply_message_id" -> message;
            case "group_id" -> group;
            case "newsletter_id" -> "120363144038483540@newsletter";
            case "device_id", "X-Device-Id" -> "default";
            case "latitude", "longitude" -> "6.25";
            case "link", "url" -> "https://127.0.0.1:9/a";
            case "emoji" -> "🙏";
            case "action" -> "start";
            case "state" -> "available";
            case "type" -> route.path().equals("/send/presence") ? "available" : "text";
            case "seq" -> "1";
            case "scopes" -> "read";
            case "password", "secret" -> "violet-Anchor-93-tundra-Lamp";
            case "timer_seconds" -> "86400";
            case "since", "start_time", "not_after" -> "2027-01-02T03:04:05Z";
            default ->
                switch (type) {
                    case "integer", "number" -> "1";
                    case "boolean" -> "true";
                    default -> "words";
                };
        };
    }

    /** The same as JSON. */
    String json(Route route, String field) {
        var text = text(route, field);
        return switch (field.substring(field.indexOf(':') + 1)) {
            case "integer", "boolean", "number" -> text;
            case "array" ->
                field.startsWith("options")
                        ? "[\"Tea\",\"Coffee\"]"
                        : field.startsWith("events") ? "[]" : "[\"" + ALICE + "\"]";
            default -> HostileValues.quoted(text);
        };
    }
}

package gateway.engine;

import java.util.regex.Pattern;

/**
 * An address as WhatsApp writes it: {@code 6281234567890@s.whatsapp.net}, {@code 120363025246125486@g.us},
 * {@code …@newsletter}, {@code …@lid}. The device part ({@code :NN}) is dropped.
 */
public record Jid(String user, String server) {
    public static final String USER = "s.whatsapp.net";
    public static final String GROUP = "g.us";
    public static final String NEWSLETTER = "newsletter";
    public static final String LID = "lid";
    public static final String BROADCAST = "broadcast";

    private static final Pattern FORM = Pattern.compile(
            "([A-Za-z0-9_.-]{1,64})(?::[0-9]{1,3})?@(s\\.whatsapp\\.net|g\\.us|newsletter|lid|broadcast)");

    /**
     * Reads a full address.
     *
     * @throws IllegalArgumentException with a sentence for the caller
     */
    public static Jid parse(String text) {
        var form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("is not a WhatsApp address");
        }
        return new Jid(form.group(1), form.group(2));
    }

    /** A person's address. {@code digits} is E.164 without the plus sign. */
    public static Jid ofPhone(String digits) {
        return new Jid(digits, USER);
    }

    public boolean isUser() {
        return server.equals(USER) || server.equals(LID);
    }

    public boolean isGroup() {
        return server.equals(GROUP);
    }

    public boolean isNewsletter() {
        return server.equals(NEWSLETTER);
    }

    @Override
    public String toString() {
        return user + "@" + server;
    }
}

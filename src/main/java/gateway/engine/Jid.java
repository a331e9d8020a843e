package gateway.engine;

import java.util.regex.Pattern;

/**
 * An address as WhatsApp writes it: {@code 6281234567890@s.whatsapp.net}, {@code 120363025246125486@g.us},
 * {@code …@newsletter}, {@code …@lid}. A person has two: by number, and a LID, which hides the number; REST and
 * webhooks show the number wherever it is known.
 *
 * @param device the number of one of the person's devices, written {@code user:NN@server}, 0 to 999; 0 is the phone,
 *               and stands for the person as a whole. Chats, senders and recipients are persons and groups: their
 *               device is 0
 */
public record Jid(String user, int device, String server) {
    public static final String USER = "s.whatsapp.net";
    public static final String GROUP = "g.us";
    public static final String NEWSLETTER = "newsletter";
    public static final String LID = "lid";
    public static final String BROADCAST = "broadcast";

    private static final int MAX_DEVICE = 999;

    private static final Pattern FORM = Pattern.compile(
            "([A-Za-z0-9_.-]{1,64})(?::[0-9]{1,3})?@(s\\.whatsapp\\.net|g\\.us|newsletter|lid|broadcast)");

    public Jid {
        if (device < 0 || device > MAX_DEVICE) {
            throw new IllegalArgumentException("is not the number of a device");
        }
    }

    /** A person, a group or a channel as a whole. */
    public Jid(String user, String server) {
        this(user, 0, server);
    }

    /**
     * Reads a full address, and drops its device.
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

    /** The address of one of the person's devices. */
    public Jid device(int number) {
        return new Jid(user, number, server);
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
        return device == 0 ? user + "@" + server : user + ":" + device + "@" + server;
    }
}

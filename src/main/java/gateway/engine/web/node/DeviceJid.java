package gateway.engine.web.node;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address of the multi-device protocol with its device: {@code user.agent:device@server}. Agent and device are left
 * out when they are 0; the user is empty for a server's own address, {@code s.whatsapp.net}.
 *
 * @param user       any text without {@code @} and {@code :}; empty for a server
 * @param agent      0 to 255; what an old address has behind a dot, 0 on the known servers
 * @param device     0 to 65,535; 0 is the phone
 * @param integrator 0 to 65,535; only on {@code interop}
 */
public record DeviceJid(String user, int agent, int device, int integrator, String server) implements Attribute {
    public static final String PHONE = "s.whatsapp.net";
    public static final String LID = "lid";
    public static final String GROUP = "g.us";
    public static final String BROADCAST = "broadcast";
    public static final String NEWSLETTER = "newsletter";
    public static final String BOT = "bot";
    public static final String HOSTED = "hosted";
    public static final String HOSTED_LID = "hosted.lid";
    public static final String MESSENGER = "msgr";
    public static final String INTEROP = "interop";
    /** The server's own address, to which most requests go. */
    public static final DeviceJid SERVER = of("", PHONE);

    private static final int MAX_BYTE = 0xFF;
    private static final int MAX_SHORT = 0xFFFF;
    private static final Pattern USER = Pattern.compile("([^.:@]*)(?:\\.([0-9]{1,3}))?(?::([0-9]{1,5}))?");
    private static final Pattern BOT_NUMBER = Pattern.compile("1313555[0-9]{4}|131655500[0-9]{2}");

    public DeviceJid {
        if (agent < 0
                || agent > MAX_BYTE
                || device < 0
                || device > MAX_SHORT
                || integrator < 0
                || integrator > MAX_SHORT
                || server.isEmpty()
                || server.indexOf('@') >= 0
                || user.indexOf('@') >= 0
                || user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("is not an address of the protocol");
        }
    }

    /** The address without a device. */
    public static DeviceJid of(String user, String server) {
        return new DeviceJid(user, 0, 0, 0, server);
    }

    public static DeviceJid of(String user, int device, String server) {
        return new DeviceJid(user, 0, device, 0, server);
    }

    /**
     * Reads the text form; a text without {@code @} is a server.
     *
     * @throws IllegalArgumentException for any other text
     */
    public static DeviceJid parse(String text) {
        int at = text.indexOf('@');
        if (at < 0) {
            return of("", text);
        }
        String server = text.substring(at + 1);
        Matcher form = USER.matcher(text.substring(0, at));
        if (!form.matches()) {
            throw new IllegalArgumentException("is not an address of the protocol");
        }
        String user = form.group(1);
        int integrator = 0;
        int dash = user.indexOf('-');
        if (server.equals(INTEROP) && dash > 0) {
            integrator = number(user.substring(0, dash));
            user = user.substring(dash + 1);
        }
        return new DeviceJid(user, number(form.group(2)), number(form.group(3)), integrator, server);
    }

    private static int number(String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    /** The same person or chat, without the device. */
    public DeviceJid withoutDevice() {
        return new DeviceJid(user, 0, 0, integrator, server);
    }

    /** The same person on another device. */
    public DeviceJid withDevice(int other) {
        return new DeviceJid(user, agent, other, integrator, server);
    }

    /** The number by which wire forms and Signal's address tell the servers of people apart (web-1 §3.2). */
    public int domain() {
        return switch (server) {
            case PHONE -> 0;
            case LID -> 1;
            case HOSTED -> 128;
            case HOSTED_LID -> 129;
            default -> agent;
        };
    }

    /** The name of this address in Signal's sessions: the user, with its domain when that is not 0. */
    public String signalName() {
        return domain() == 0 ? user : user + "_" + domain();
    }

    /** The form in which a list of devices is hashed: agent and device always written (web-2 §2.7). */
    public String hashedForm() {
        return user + "." + agent + ":" + device + "@" + server;
    }

    /** Whether the address is a person's, by number or by LID, hosted ones too. */
    public boolean isPerson() {
        return switch (server) {
            case PHONE, LID, HOSTED, HOSTED_LID -> !user.isEmpty();
            default -> false;
        };
    }

    public boolean isGroup() {
        return server.equals(GROUP);
    }

    /** Whether the address is a broadcast list, which the status is not. */
    public boolean isBroadcastList() {
        return server.equals(BROADCAST) && !user.equals("status");
    }

    /** Whether the address is a bot's, by its server or by its number. */
    public boolean isBot() {
        return device == 0
                && (server.equals(BOT)
                        || server.equals(PHONE) && BOT_NUMBER.matcher(user).matches());
    }

    /** Whether both are devices of one person on one server. */
    public boolean isSamePerson(DeviceJid other) {
        return user.equals(other.user) && server.equals(other.server) && integrator == other.integrator;
    }

    /** The text form, {@code user.agent:device@server}. */
    @Override
    public String text() {
        if (user.isEmpty()) {
            return server;
        }
        StringBuilder text = new StringBuilder();
        if (server.equals(INTEROP)) {
            text.append(integrator).append('-');
        }
        text.append(user);
        if (agent != 0) {
            text.append('.').append(agent);
        }
        if (device != 0) {
            text.append(':').append(device);
        }
        return text.append('@').append(server).toString();
    }

    @Override
    public String toString() {
        return text();
    }
}

package gateway.api.request;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;

import gateway.engine.Jid;
import gateway.http.Problem;

/**
 * Reads whom a request means. A plain number of up to 15 digits is a person, a longer one a group; a leading plus sign
 * is tolerated; anything with {@code @} is a full address.
 *
 * <p>Strict mode asks libphonenumber whether the number can exist. The guide's pattern (11 to 15 digits) would refuse
 * valid numbers of smaller plans, Singapore's ten digits for one.
 */
public final class Recipients {
    /** Country code and national number together, ITU-T E.164 §6. */
    private static final int MAX_DIGITS = 15;
    /** Digits of a country code, E.164 §6.2.1. */
    private static final int MAX_CODE = 3;

    /** A mention of all members of a group. */
    public static final String EVERYONE = "@everyone";

    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,32}(-[0-9]{1,16})?");

    private static final Pattern ANY_DIGITS = Pattern.compile("[0-9]{1,32}");

    /** Members of a group, WhatsApp's own limit. */
    private static final int MAX_MEMBERS = 1_024;

    /** By country and length, whether the country has numbers of this length: some thousand at the most. */
    private static final Map<Integer, Boolean> POSSIBLE = new ConcurrentHashMap<>();

    private final boolean strict;

    /** @param strict false takes any digits, as the original does */
    public Recipients(boolean strict) {
        this.strict = strict;
    }

    /** A person, a group or a channel that a field of a body names; the check of the body has understood it already. */
    public Jid chat(String field, Fields fields) {
        return fields.kept(field).orElseGet(() -> chat(field, fields.text(field)));
    }

    /** A person, a group or a channel. */
    public Jid chat(String field, String text) {
        var given = text.strip();
        var plain = given.startsWith("+") ? given.substring(1) : given;
        if (plain.contains("@")) {
            // The name that WhatsApp's own page, and libraries that drive it, use for a person.
            return address(
                    field,
                    plain.endsWith("@c.us") ? plain.substring(0, plain.length() - "c.us".length()) + Jid.USER : plain);
        }
        if (!isDigits(plain) && !DIGITS.matcher(plain).matches()) {
            throw Problem.badField(
                    field, "must be a phone number in international form without spaces, or a WhatsApp address");
        }
        return plain.length() <= MAX_DIGITS ? Jid.ofPhone(number(field, plain)) : new Jid(plain, Jid.GROUP);
    }

    /** A person. */
    public Jid user(String field, String text) {
        var jid = chat(field, text);
        if (!jid.isUser()) {
            throw Problem.badField(field, "must be a person's phone number");
        }
        return jid;
    }

    /** A person; empty for a number of digits that nobody can have. */
    public Optional<Jid> possible(String field, String text) {
        var plain = text.strip().replaceFirst("^\\+", "").replaceFirst("@(s\\.whatsapp\\.net|c\\.us)$", "");
        if (ANY_DIGITS.matcher(plain).matches()
                && plain.charAt(0) != '0'
                && (plain.length() > MAX_DIGITS || strict && !possible(plain))) {
            return Optional.empty();
        }
        return Optional.of(user(field, text));
    }

    /** A group. */
    public Jid group(String field, String text) {
        var given = text.strip();
        // Unlike a recipient's, a group's plain number may be short: it can be nothing else.
        return of(field, given, Jid.GROUP, Jid::isGroup, "must be a group's address, such as 120363025246125486@g.us");
    }

    /** A channel. */
    public Jid newsletter(String field, String text) {
        return of(
                field,
                text.strip(),
                Jid.NEWSLETTER,
                Jid::isNewsletter,
                "must be a channel's address, such as 120363144038483540@newsletter");
    }

    /** An address of one kind, which says in its own words what it must be. */
    private static Jid of(String field, String text, String server, Predicate<Jid> kind, String sentence) {
        if (DIGITS.matcher(text).matches()) {
            return new Jid(text, server);
        }
        try {
            var jid = Jid.parse(text);
            if (kind.test(jid)) {
                return jid;
            }
        } catch (IllegalArgumentException e) {
            throw Problem.badField(field, sentence);
        }
        throw Problem.badField(field, sentence);
    }

    /** The persons a list names, each once. */
    public List<Jid> users(String field, Fields fields) {
        return fields.texts(field, MAX_MEMBERS, 64).stream()
                .map(text -> user(field, text))
                .distinct()
                .toList();
    }

    /** A person's phone number, digits only: to pair with. */
    public String phone(String field, String text) {
        var jid = user(field, text);
        if (!jid.server().equals(Jid.USER)) {
            throw Problem.badField(field, "must be a phone number");
        }
        return jid.user();
    }

    private Jid address(String field, String text) {
        try {
            var jid = Jid.parse(text);
            if (jid.server().equals(Jid.USER)) {
                number(field, jid.user());
            }
            return jid;
        } catch (IllegalArgumentException e) {
            throw Problem.badField(field, Objects.requireNonNullElse(e.getMessage(), "is not understood"));
        }
    }

    /** Whether it is as many digits as a phone number can have. */
    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= MAX_DIGITS;
    }

    private String number(String field, String digits) {
        if (!isDigits(digits)) {
            throw Problem.badField(field, "must hold digits only");
        }
        if (digits.startsWith("0")) {
            throw Problem.badField(field, "must start with the country code, not with 0");
        }
        if (strict && !possible(digits)) {
            throw Problem.badField(field, "is not a possible phone number");
        }
        return digits;
    }

    /**
     * Parsing takes a dozen patterns; nearly every number is the code of its country and a possible number as it
     * stands.
     */
    static boolean possible(String digits) {
        return asItStands(digits) || parsed(digits);
    }

    private static boolean asItStands(String digits) {
        var codes = PhoneNumberUtil.getInstance().getSupportedCallingCodes();
        for (int code = 1; code <= MAX_CODE && code < digits.length(); code++) {
            int country = Integer.parseInt(digits, 0, code, 10);
            if (codes.contains(country)) {
                return digits.charAt(code) != '0' && hasLength(country, digits.substring(code));
            }
        }
        return false;
    }

    /** Whether a country has numbers of this length. The library looks at nothing else, and takes long for it. */
    private static boolean hasLength(int country, String national) {
        int place = country * (MAX_DIGITS + 1) + national.length();
        var known = POSSIBLE.get(place);
        if (known == null) {
            known = PhoneNumberUtil.getInstance()
                    .isPossibleNumber(
                            new PhoneNumber().setCountryCode(country).setNationalNumber(Long.parseLong(national)));
            POSSIBLE.put(place, known);
        }
        return known;
    }

    /**
     * As libphonenumber reads it: with a prefix that is dialled at home only, such as the 0 in +44 07911…, or an
     * Italian 0.
     */
    static boolean parsed(String digits) {
        var numbers = PhoneNumberUtil.getInstance();
        try {
            return numbers.isPossibleNumber(numbers.parse("+" + digits, "ZZ"));
        } catch (NumberParseException e) {
            return false;
        }
    }
}

package gateway.config.catalogue;

import java.net.InetAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import gateway.config.Cidr;
import gateway.config.Invalid;
import gateway.config.Secret;

/** The parsers that several settings share. */
final class Parsers {
    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,18}");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})(|KB|MB|GB)");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
    /** A bearer token's alphabet, RFC 6750 §2.1. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private Parsers() {}

    static Boolean flag(String text) throws Invalid {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "1", "yes", "on" -> true;
            case "false", "0", "no", "off" -> false;
            default ->
                throw new Invalid("is " + quote(text) + ", which is neither true nor false", "write true or false");
        };
    }

    static String rootKey(String text) throws Invalid {
        if (!text.matches("[0-9a-fA-F]{64}")) {
            throw new Invalid("is not a key of 64 hexadecimal digits", "take it from what the twin printed");
        }
        return text;
    }

    static String webVersion(String text) throws Invalid {
        if (!text.matches("[0-9]{1,4}\\.[0-9]{1,5}\\.(?:1[0-9]{9}|[0-9]{1,9})")) {
            throw new Invalid("is not a version of WhatsApp's web client", "give three numbers, 2.3000.1045649367");
        }
        return text;
    }

    static Integer port(String text) throws Invalid {
        if (!WHOLE.matcher(text).matches() || Long.parseLong(text) > 65535) {
            throw new Invalid(
                    "is " + quote(text) + ", which is not a port",
                    "give a number from 1 to 65535, or 0 for any free port");
        }
        return Integer.parseInt(text);
    }

    static Parser<Integer> count(int least, int most) {
        return text -> {
            if (!WHOLE.matcher(text).matches() || Long.parseLong(text) < least || Long.parseLong(text) > most) {
                throw new Invalid(
                        "is " + quote(text) + ", which is out of range",
                        "give a whole number from " + least + " to " + most);
            }
            return Integer.parseInt(text);
        };
    }

    /** Bytes, from 1 to 2 GB; KB, MB and GB are powers of ten, as the original counts. */
    static Long size(String text) throws Invalid {
        var matcher = SIZE.matcher(text);
        long unit = 1;
        if (matcher.matches()) {
            unit = switch (matcher.group(2)) {
                case "KB" -> 1_000;
                case "MB" -> 1_000_000;
                case "GB" -> 1_000_000_000;
                default -> 1;
            };
            long number = Long.parseLong(matcher.group(1));
            if (number >= 1 && number <= 2_000_000_000 / unit) {
                return number * unit;
            }
        }
        throw new Invalid(
                "is " + quote(text) + ", which is not a size from 1 byte to 2GB",
                "give bytes, such as 20000000, or a number with KB, MB or GB");
    }

    static Parser<Duration> duration(Duration most) {
        return text -> {
            var matcher = DURATION.matcher(text);
            if (matcher.matches()) {
                long number = Long.parseLong(matcher.group(1));
                var value = switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    default -> Duration.ofHours(number);
                };
                if (value.compareTo(most) <= 0) {
                    return value;
                }
            }
            throw new Invalid(
                    "is " + quote(text) + ", which is not a duration up to " + most.toSeconds() + "s",
                    "give a number with its unit ms, s, m or h, such as 10s");
        };
    }

    static <E extends Enum<E>> Parser<E> oneOf(Class<E> type) {
        return text -> {
            var names = new ArrayList<String>();
            for (E constant : type.getEnumConstants()) {
                var name = constant.name().toLowerCase(Locale.ROOT);
                if (name.equals(text.toLowerCase(Locale.ROOT))) {
                    return constant;
                }
                names.add(name);
            }
            throw new Invalid(
                    "is " + quote(text) + ", which is none of its values", "choose " + String.join(" or ", names));
        };
    }

    /** An address to listen on; names other than localhost are refused, since what they resolve to can change. */
    static InetAddress address(String text) throws Invalid {
        try {
            return InetAddress.ofLiteral(text.equals("localhost") ? "127.0.0.1" : text);
        } catch (IllegalArgumentException notLiteral) {
            throw new Invalid(
                    "is " + quote(text) + ", which is not an IP address",
                    "give an address of this machine, such as 127.0.0.1 or ::1");
        }
    }

    static Path path(String text) throws Invalid {
        try {
            return Path.of(text);
        } catch (InvalidPathException invalid) {
            throw new Invalid("is not a path this system can have", "give a path without control characters");
        }
    }

    static Parser<String> text(int most) {
        return text -> {
            if (text.length() > most || text.chars().anyMatch(Character::isISOControl)) {
                throw new Invalid(
                        "is longer than " + most + " characters or holds a control character",
                        "give a shorter single line");
            }
            return text;
        };
    }

    static <T> Parser<List<T>> list(Parser<T> item) {
        return text -> {
            var items = new ArrayList<T>();
            for (var part : Arrays.asList(text.split(",", -1))) {
                if (part.isBlank()) {
                    throw new Invalid("has an empty item", "remove the comma too many");
                }
                items.add(item.parse(part.strip()));
            }
            return List.copyOf(items);
        };
    }

    static Cidr cidr(String text) throws Invalid {
        try {
            return Cidr.parse(text);
        } catch (IllegalArgumentException invalid) {
            throw new Invalid(
                    "has " + quote(text) + ", which " + invalid.getMessage(),
                    "list ranges such as 10.0.0.0/8, separated by commas");
        }
    }

    /** A secret that a program presents: 32–256 characters of the bearer alphabet (both guides ask for 32). */
    static Secret token(String text) throws Invalid {
        if (text.length() < 32 || text.length() > 256) {
            throw new Invalid(
                    "has " + text.length() + " characters", "use 32 to 256, such as `openssl rand -hex 32` gives");
        }
        if (!TOKEN.matcher(text).matches()) {
            throw new Invalid(
                    "holds a character that a bearer token cannot have",
                    "use letters, digits and - . _ ~ + / only, such as `openssl rand -hex 32` gives");
        }
        return new Secret(text);
    }

    /** What a program types where it was told to: up to 256 characters on one line. */
    static Secret password(String text) throws Invalid {
        if (text.length() > 256 || text.chars().anyMatch(Character::isISOControl)) {
            throw new Invalid(
                    "is longer than 256 characters or holds a control character", "use one of letters and digits");
        }
        return new Secret(text);
    }

    /** A key of AES-256. */
    static Secret key(String text) throws Invalid {
        try {
            if (Base64.getDecoder().decode(text).length == 32) {
                return new Secret(text);
            }
        } catch (IllegalArgumentException notBase64) {
            // told below, like any other length
        }
        throw new Invalid("has a key that is not 32 bytes in Base64", "make one with: openssl rand -base64 32");
    }

    static String vaultPath(String text) throws Invalid {
        if (!text.matches("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)+") || text.contains("..")) {
            throw new Invalid(
                    "is " + quote(text) + ", which is not a mount and a path",
                    "write it as `vault kv get` takes it: secret/whatsapp");
        }
        return text;
    }

    /** The characters of a secret's name: AWS, CreateSecret. */
    static String awsPrefix(String text) throws Invalid {
        if (!text.matches("[A-Za-z0-9/_+=.@-]{1,400}")) {
            throw new Invalid(
                    "is " + quote(text) + ", which cannot begin a secret's name",
                    "write whatsapp for whatsapp/basic-auth");
        }
        return text;
    }

    /** What was written, shortened and with control characters made visible, for values that are not secret. */
    static String quote(String text) {
        var shown = new StringBuilder("\"");
        text.codePoints().limit(60).forEach(point -> {
            if (Character.isISOControl(point)) {
                shown.append(String.format("\\u%04x", point));
            } else {
                shown.appendCodePoint(point);
            }
        });
        return shown.append(text.codePointCount(0, text.length()) > 60 ? "…\"" : "\"")
                .toString();
    }
}

package gateway.config.catalogue;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import gateway.config.DatabaseSetting;
import gateway.config.DatabaseSetting.Postgres;
import gateway.config.Invalid;
import gateway.config.Secret;

/**
 * Reads {@code DB_URI}: {@code file:PATH?options} with the guide's SQLite options, or {@code postgres://} and
 * {@code postgresql://user:password@host:port/name?sslmode=…&sslrootcert=…}. No message repeats any part of a
 * server's URI, since a piece of an unescaped password may end up anywhere.
 */
final class DatabaseParser {
    private DatabaseParser() {}

    static DatabaseSetting parse(String text) throws Invalid {
        if (text.startsWith("file:")) {
            return SqliteUri.parse(text.substring("file:".length()));
        }
        for (var scheme : new String[] {"postgres://", "postgresql://"}) {
            if (text.startsWith(scheme)) {
                return PostgresUri.parse(text.substring(scheme.length()));
            }
        }
        throw new Invalid(
                "starts with none of file:, postgres:// and postgresql://",
                "write file:storages/whatsapp.db or postgresql://user:password@host:5432/name?sslmode=verify-full");
    }

    /** The URI without its password; all masked when it cannot be understood. */
    static String mask(String text) {
        try {
            return parse(text) instanceof Postgres database ? shown(database) : text;
        } catch (Invalid invalid) {
            return Secret.MASK;
        }
    }

    private static String shown(Postgres database) {
        var host = database.host().contains(":") ? "[" + database.host() + "]" : database.host();
        return "postgresql://" + database.user() + (database.password().isPresent() ? ":" + Secret.MASK : "")
                + "@" + host + ":" + database.port() + "/" + database.name() + "?sslmode="
                + database.tls().sslmode()
                + database.rootCertificate().map(file -> "&sslrootcert=" + file).orElse("");
    }

    /** The options after the question mark at that place, or none when the place is negative. */
    static Map<String, String> options(String rest, int question) throws Invalid {
        var options = new LinkedHashMap<String, String>();
        if (question < 0 || question == rest.length() - 1) {
            return options;
        }
        for (var pair : rest.substring(question + 1).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 1
                    || options.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1))) != null) {
                throw new Invalid("has an option without a value, or twice", "write ?name=value&name=value");
            }
        }
        return options;
    }

    /** Undoes percent-encoding (RFC 3986 §2.1). */
    static String decode(String text) throws Invalid {
        try {
            // In a URI a plus is a plus; URLDecoder reads forms, where it is a space.
            var decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
            if (decoded.indexOf('\uFFFD') < 0 && decoded.chars().noneMatch(Character::isISOControl)) {
                return decoded;
            }
        } catch (IllegalArgumentException malformed) {
            // reported below, together with what decodes to no text
        }
        throw new Invalid("has a percent sign that is not a percent-encoding of UTF-8 text", "write % as %25");
    }
}

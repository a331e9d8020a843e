package gateway.config;

import gateway.config.Database.Postgres;
import gateway.config.Database.Sqlite;
import gateway.config.Database.Tls;

import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads {@code DB_URI}: {@code file:PATH?options} with the guide's SQLite options, or {@code postgres://} and
 * {@code postgresql://user:password@host:port/name?sslmode=…&sslrootcert=…}. No message repeats any part of it but
 * option names, since a misread URI may show its password anywhere.
 */
final class DatabaseParser {
    private static final Set<String> ON = Set.of("on", "true", "1", "yes");

    private DatabaseParser() {
    }

    static Database parse(String text) throws Invalid {
        if (text.startsWith("file:")) {
            return sqlite(text.substring("file:".length()));
        }
        for (var scheme : new String[] {"postgres://", "postgresql://"}) {
            if (text.startsWith(scheme)) {
                return postgres(text.substring(scheme.length()));
            }
        }
        throw new Invalid("starts with none of file:, postgres:// and postgresql://",
                "write file:storages/whatsapp.db or postgresql://user:password@host:5432/name?sslmode=verify-full");
    }

    private static Sqlite sqlite(String rest) throws Invalid {
        int question = rest.indexOf('?');
        var path = decode(question < 0 ? rest : rest.substring(0, question));
        if (path.startsWith("//")) {
            path = path.substring(2);
        }
        if (path.isEmpty() || path.contains(":memory:") || path.endsWith("/")) {
            throw new Invalid("names no file", "give the path of a database file; one in memory would lose messages");
        }
        var timeout = Duration.ofSeconds(5);
        for (var option : options(rest, question).entrySet()) {
            var value = option.getValue().toLowerCase(Locale.ROOT);
            switch (option.getKey()) {
                case "_journal_mode", "_journal" -> require(value.equals("wal"), option.getKey(), "WAL",
                        "another journal mode loses acknowledged messages or blocks readers");
                case "_synchronous", "_sync" -> require(value.equals("full") || value.equals("2"), option.getKey(), "FULL",
                        "anything less loses acknowledged messages in a power cut");
                case "_foreign_keys", "_fk" -> require(ON.contains(value), option.getKey(), "on",
                        "without them rows lose their owners");
                case "_timeout", "_busy_timeout" -> timeout = Duration.ofMillis(milliseconds(option.getKey(), value));
                case "_txlock" -> require(value.equals("immediate"), option.getKey(), "immediate",
                        "the single writer begins every transaction so");
                default -> throw unknown(option.getKey(), "_journal_mode, _synchronous, _foreign_keys and _timeout");
            }
        }
        return new Sqlite(Parsers.path(path), timeout);
    }

    private static long milliseconds(String option, String value) throws Invalid {
        if (!value.matches("[0-9]{4,5}") || Integer.parseInt(value) < 1000 || Integer.parseInt(value) > 60_000) {
            throw new Invalid("has an unusable " + option, "give milliseconds from 1000 to 60000; the guide's is 5000");
        }
        return Long.parseLong(value);
    }

    private static void require(boolean holds, String option, String value, String why) throws Invalid {
        if (!holds) {
            throw new Invalid("sets " + option + " to something other than " + value + ", and " + why,
                    "write " + option + "=" + value + " or leave it out");
        }
    }

    private static Postgres postgres(String rest) throws Invalid {
        int question = rest.indexOf('?');
        var location = question < 0 ? rest : rest.substring(0, question);
        int slash = location.indexOf('/');
        if (slash < 0 || location.indexOf('@', slash) >= 0 || rest.indexOf('#') >= 0) {
            throw new Invalid("names no database after its host, or holds a character that is not escaped",
                    "end it with /name, and percent-encode / ? # @ : and % in user and password (/ is %2F)");
        }
        var authority = location.substring(0, slash);
        int at = authority.lastIndexOf('@');
        if (at < 1) {
            throw new Invalid("names no user", "write postgresql://user:password@host:5432/name");
        }
        var login = authority.substring(0, at);
        int colon = login.indexOf(':');
        var user = decode(colon < 0 ? login : login.substring(0, colon));
        var password = colon < 0 ? Optional.<Secret>empty() : Optional.of(new Secret(decode(login.substring(colon + 1))));
        if (user.isEmpty() || password.filter(p -> p.length() == 0).isPresent()) {
            throw new Invalid("has an empty user or password", "write postgresql://user:password@host:5432/name");
        }
        var name = decode(location.substring(slash + 1));
        if (name.isEmpty() || name.contains("/")) {
            throw new Invalid("names no database after its host", "end it with /name");
        }
        var host = authority.substring(at + 1);
        int port = 5432;
        int portColon = host.lastIndexOf(':');
        if (portColon > host.lastIndexOf(']')) {
            port = port(host.substring(portColon + 1));
            host = host.substring(0, portColon);
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (!host.matches("[A-Za-z0-9._:-]{1,253}")) {
            throw new Invalid("has no usable host", "write postgresql://user:password@host:5432/name");
        }
        return secured(host, port, name, user, password, options(rest, question));
    }

    private static int port(String digits) throws Invalid {
        if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) < 1 || Integer.parseInt(digits) > 65535) {
            throw new Invalid("has an unusable port", "give a number from 1 to 65535 after the host; 5432 is usual");
        }
        return Integer.parseInt(digits);
    }

    private static Postgres secured(String host, int port, String name, String user, Optional<Secret> password,
                                    Map<String, String> options) throws Invalid {
        var tls = Tls.PREFER;
        Optional<Path> root = Optional.empty();
        for (var option : options.entrySet()) {
            switch (option.getKey()) {
                case "sslmode" -> tls = tls(option.getValue());
                case "sslrootcert" -> root = Optional.of(Parsers.path(option.getValue()));
                default -> throw unknown(option.getKey(), "sslmode and sslrootcert");
            }
        }
        if (tls.compareTo(Tls.REQUIRE) < 0 && !isThisMachine(host)) {
            throw new Invalid("would send its password and messages over the network without TLS",
                    "add sslmode=verify-full (or at least sslmode=require)");
        }
        return new Postgres(host, port, name, user, password, tls, root);
    }

    private static Tls tls(String sslmode) throws Invalid {
        for (var tls : Tls.values()) {
            if (tls.sslmode().equals(sslmode)) {
                return tls;
            }
        }
        throw new Invalid("has an unknown sslmode", "choose require, verify-ca or verify-full");
    }

    private static boolean isThisMachine(String host) {
        try {
            return host.equals("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException name) {
            return false;
        }
    }

    private static Map<String, String> options(String rest, int question) throws Invalid {
        var options = new LinkedHashMap<String, String>();
        if (question < 0 || question == rest.length() - 1) {
            return options;
        }
        for (var pair : rest.substring(question + 1).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 1 || options.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1))) != null) {
                throw new Invalid("has an option without a value, or twice", "write ?name=value&name=value");
            }
        }
        return options;
    }

    private static Invalid unknown(String option, String known) {
        // A piece of an unescaped password can end up here; a name that looks like an option cannot be one.
        var shown = option.matches("[a-z_]{2,20}") ? " named " + option : "";
        return new Invalid("has an unknown option" + shown, "use only " + known);
    }

    private static String decode(String text) throws Invalid {
        try {
            // In a URI a plus is a plus; URLDecoder reads forms, where it is a space.
            var decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
            if (decoded.indexOf('\uFFFD') < 0 && decoded.chars().noneMatch(Character::isISOControl)) {
                return decoded;
            }
        } catch (IllegalArgumentException malformed) {
            // reported below, together with what decodes to no text
        }
        throw new Invalid("has a percent sign that is no percent-encoding of UTF-8 text", "write % as %25");
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
                + "@" + host + ":" + database.port() + "/" + database.name() + "?sslmode=" + database.tls().sslmode()
                + database.rootCertificate().map(file -> "&sslrootcert=" + file).orElse("");
    }
}

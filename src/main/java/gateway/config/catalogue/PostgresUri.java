package gateway.config.catalogue;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import gateway.config.DatabaseSetting.Postgres;
import gateway.config.DatabaseSetting.Tls;
import gateway.config.Invalid;
import gateway.config.Secret;

/** Reads what follows {@code postgresql://}: {@code user:password@host:port/name?sslmode=…&sslrootcert=…}. */
final class PostgresUri {
    private PostgresUri() {}

    static Postgres parse(String rest) throws Invalid {
        int question = rest.indexOf('?');
        var location = question < 0 ? rest : rest.substring(0, question);
        int slash = location.indexOf('/');
        if (slash < 0 || location.indexOf('@', slash) >= 0 || rest.indexOf('#') >= 0) {
            throw new Invalid(
                    "names no database after its host, or holds a character that is not escaped",
                    "end it with /name, and percent-encode / ? # @ : and % in user and password (/ is %2F)");
        }
        var authority = location.substring(0, slash);
        int at = authority.lastIndexOf('@');
        if (at < 1) {
            throw new Invalid("names no user", "write postgresql://user:password@host:5432/name");
        }
        var login = authority.substring(0, at);
        int colon = login.indexOf(':');
        var user = DatabaseParser.decode(colon < 0 ? login : login.substring(0, colon));
        var password = colon < 0
                ? Optional.<Secret>empty()
                : Optional.of(new Secret(DatabaseParser.decode(login.substring(colon + 1))));
        if (user.isEmpty() || password.filter(p -> p.length() == 0).isPresent()) {
            throw new Invalid("has an empty user or password", "write postgresql://user:password@host:5432/name");
        }
        var name = DatabaseParser.decode(location.substring(slash + 1));
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
        return secured(host, port, name, user, password, DatabaseParser.options(rest, question));
    }

    private static int port(String digits) throws Invalid {
        if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) < 1 || Integer.parseInt(digits) > 65535) {
            throw new Invalid("has an unusable port", "give a number from 1 to 65535 after the host; 5432 is usual");
        }
        return Integer.parseInt(digits);
    }

    private static Postgres secured(
            String host, int port, String name, String user, Optional<Secret> password, Map<String, String> options)
            throws Invalid {
        var tls = Tls.PREFER;
        Optional<Path> root = Optional.empty();
        for (var option : options.entrySet()) {
            switch (option.getKey()) {
                case "sslmode" -> tls = tls(option.getValue());
                case "sslrootcert" -> root = Optional.of(Parsers.path(option.getValue()));
                default -> throw new Invalid("has an option that is not known", "use only sslmode and sslrootcert");
            }
        }
        if (tls.compareTo(Tls.REQUIRE) < 0 && !isThisMachine(host)) {
            throw new Invalid(
                    "would send its password and messages over the network without TLS",
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
}

package gateway.config.catalogue;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

import gateway.config.BackupAddress;
import gateway.config.Invalid;

/** Addresses of places for copies of backups: {@code s3://BUCKET/PREFIX?…} and {@code sftp://USER@HOST/DIR?…}. */
public final class BackupAddressParser {
    private static final int MAX_PORT = 65_535;
    private static final int SSH_PORT = 22;
    private static final int MAX_LOCK_DAYS = 3_650;
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_][A-Za-z0-9._-]*)*/?");
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]*|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,40}");
    /** Classes whose objects can be read at once. */
    private static final List<String> CLASSES = List.of(
            "STANDARD",
            "STANDARD_IA",
            "ONEZONE_IA",
            "INTELLIGENT_TIERING",
            "GLACIER_IR",
            "REDUCED_REDUNDANCY",
            "EXPRESS_ONEZONE");

    private static final List<String> SLOW_CLASSES = List.of("GLACIER", "DEEP_ARCHIVE");

    private BackupAddressParser() {}

    /** Whether a text is an address, and not the path of a directory. */
    public static boolean isAddress(String text) {
        return text.contains("://");
    }

    /** Reads an address. */
    public static BackupAddress parse(String text) throws Invalid {
        URI uri;
        try {
            uri = URI.create(text.strip());
        } catch (IllegalArgumentException malformed) {
            throw form();
        }
        if ("s3".equals(uri.getScheme()) && uri.getRawAuthority() != null) {
            return s3(uri);
        }
        if ("sftp".equals(uri.getScheme()) && uri.getHost() != null) {
            return sftp(uri);
        }
        throw form();
    }

    private static Invalid form() {
        return new Invalid(
                "is not an address of backups",
                "write s3://BUCKET/PREFIX or sftp://USER@HOST/DIR?key=FILE&known-hosts=FILE");
    }

    private static BackupAddress s3(URI uri) throws Invalid {
        if (uri.getRawUserInfo() != null) {
            throw new Invalid(
                    "holds a key of S3, which must not be in an address",
                    "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY_FILE");
        }
        var given = parameters(uri, List.of("region", "endpoint", "class", "encryption", "lock-days"));
        var prefix = path(uri);
        return new BackupAddress.S3(
                matching(uri.getRawAuthority(), BUCKET, "names no bucket", "write s3://BUCKET/PREFIX"),
                prefix.isEmpty() ? "" : prefix.substring(1) + "/",
                given.containsKey("region")
                        ? Optional.of(matching(
                                given.get("region"), REGION, "has no region in region=", "write one as eu-central-1"))
                        : Optional.empty(),
                Optional.ofNullable(given.get("endpoint")),
                storageClass(Optional.ofNullable(given.get("class"))),
                encryption(given.getOrDefault("encryption", "AES256")),
                number(given.getOrDefault("lock-days", "0"), MAX_LOCK_DAYS, "lock-days"));
    }

    private static Optional<String> storageClass(Optional<String> given) throws Invalid {
        if (given.filter(SLOW_CLASSES::contains).isPresent()) {
            throw new Invalid(
                    "has a class that takes hours to read, so that no backup in it can be read back",
                    "write class=GLACIER_IR, and let a lifecycle rule of the bucket move older backups");
        }
        if (given.isPresent() && !CLASSES.contains(given.get())) {
            throw new Invalid("has an unknown storage class", "write one of " + String.join(", ", CLASSES));
        }
        return given;
    }

    private static Optional<String> encryption(String given) throws Invalid {
        return switch (given) {
            case "none" -> Optional.empty();
            case "AES256", "aws:kms" -> Optional.of(given);
            default -> throw new Invalid("has an unknown encryption", "write AES256, aws:kms or none");
        };
    }

    private static BackupAddress sftp(URI uri) throws Invalid {
        var user = Optional.ofNullable(uri.getRawUserInfo()).orElse("");
        if (user.contains(":")) {
            throw new Invalid("holds a password, which sftp does not take", "name the file of a key with key=FILE");
        }
        var given = parameters(uri, List.of("key", "known-hosts"));
        var directory = path(uri);
        if (directory.isEmpty()) {
            throw new Invalid("names no directory", "write sftp://USER@HOST/DIR?key=FILE&known-hosts=FILE");
        }
        return new BackupAddress.Sftp(
                matching(user, USER, "names no user", "write sftp://USER@HOST/DIR"),
                matching(uri.getHost().replaceAll("[\\[\\]]", ""), HOST, "names no host", "write sftp://USER@HOST/DIR"),
                uri.getPort() == -1 ? SSH_PORT : number(String.valueOf(uri.getPort()), MAX_PORT, "port"),
                directory,
                file(given, "key", "the private key's"),
                file(given, "known-hosts", "the server's public key's"));
    }

    private static String path(URI uri) throws Invalid {
        return matching(
                        Optional.ofNullable(uri.getRawPath()).orElse(""),
                        PATH,
                        "has a path with other characters than letters, digits and ._-",
                        "name another directory")
                .replaceFirst("/$", "");
    }

    private static Path file(Map<String, String> given, String name, String whose) throws Invalid {
        if (!given.containsKey(name)) {
            throw new Invalid("has no " + name, "name " + whose + " file with " + name + "=FILE");
        }
        try {
            return Path.of(given.get(name));
        } catch (InvalidPathException e) {
            throw new Invalid("has no path of a file in " + name, "name " + whose + " file with " + name + "=FILE");
        }
    }

    private static int number(String text, int most, String name) throws Invalid {
        if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= most) {
            return Integer.parseInt(text);
        }
        throw new Invalid("has a " + name + " that is not a number up to " + most, "write " + name + "=30");
    }

    private static String matching(String text, Pattern form, String what, String remedy) throws Invalid {
        if (!form.matcher(text).matches()) {
            throw new Invalid(what, remedy);
        }
        return text;
    }

    private static Map<String, String> parameters(URI uri, List<String> known) throws Invalid {
        var found = new TreeMap<String, String>();
        if (uri.getRawFragment() != null) {
            throw form();
        }
        for (var pair :
                Arrays.asList(Optional.ofNullable(uri.getQuery()).orElse("").split("&"))) {
            int at = pair.indexOf('=');
            var name = at < 0 ? pair : pair.substring(0, at);
            if (!pair.isEmpty()
                    && (at < 0 || !known.contains(name) || found.put(name, pair.substring(at + 1)) != null)) {
                throw new Invalid(
                        "has a parameter that is unknown, empty or there twice",
                        "write each of " + String.join(", ", known) + " once, as " + known.getFirst() + "=…");
            }
        }
        return found;
    }
}

package gateway.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Bodies of requests: JSON, forms, forms with files, each with one member or more that should not be so. */
final class HostileBodies {
    static final String BOUNDARY = "----b7MA4YWxk";

    /** @param type value of Content-Type */
    record Body(String type, byte[] bytes) {}

    private final Dice dice;
    private final Route route;
    private final Known known;

    HostileBodies(Dice dice, Route route, Known known) {
        this.dice = dice;
        this.route = route;
        this.known = known;
    }

    Body any() {
        return switch (dice.below(route.form() ? 10 : 6)) {
            case 0, 1, 2 -> new Body(dice.chance(90) ? "application/json" : type(), json());
            case 3 -> new Body("application/json", whole());
            case 4 ->
                new Body("application/x-www-form-urlencoded" + dice.pick("", ";charset=utf-8", ";charset=x"), form());
            case 5 -> new Body(type(), json());
            default ->
                new Body(
                        "multipart/form-data; boundary="
                                + (dice.chance(93) ? BOUNDARY : dice.pick("", "\"", "\"a", "x".repeat(300), "é")),
                        multipart());
        };
    }

    /** The body that a well-meaning client would send. */
    Body good() {
        var members = new ArrayList<String>();
        route.fields().stream()
                .filter(field -> !field.endsWith(":file") && !field.matches("(.*_url|id|device):.*"))
                .forEach(field -> members.add(HostileValues.quoted(name(field)) + ":" + known.json(route, field)));
        return new Body("application/json", utf8("{" + String.join(",", members) + "}"));
    }

    private String type() {
        return dice.pick(
                "x",
                "",
                "/",
                "application/",
                "application/json; charset=iso-8859-1",
                "application/json; charset",
                "text/plain",
                "application/json;;;",
                "application/json, application/json",
                "multipart/form-data",
                "multipart/form-data; boundary",
                "APPLICATION/JSON; CHARSET=\"UTF-8\"",
                "application/x-www-form-urlencoded",
                "*/*",
                "application/json; a=\"b",
                "a/b; c=" + "d".repeat(3_000),
                "\u0001/\u0002",
                "application/vnd.api+json",
                "image/png");
    }

    private byte[] json() {
        var members = new ArrayList<String>();
        var victim = route.fields().isEmpty() ? "" : dice.pick(route.fields());
        for (var field : route.fields()) {
            if (!field.equals(victim)
                    && !field.endsWith(":file")
                    && !field.matches("(.*_url|id|device):.*")
                    && dice.chance(85)) {
                members.add(HostileValues.quoted(name(field)) + ":" + known.json(route, field));
            }
        }
        if (!victim.isEmpty()) {
            members.add(HostileValues.quoted(name(victim)) + ":" + HostileValues.json(dice));
            if (dice.chance(5)) {
                members.add(HostileValues.quoted(name(victim)) + ":" + HostileValues.json(dice));
            }
        }
        if (dice.chance(5)) {
            members.add(HostileValues.json(dice) + ":" + HostileValues.json(dice));
        }
        var text = "{" + String.join(",", members) + "}";
        // Half of what is said in Latin-1 here is not UTF-8.
        return dice.chance(95) ? utf8(text) : HostileCall.latin(text);
    }

    private byte[] whole() {
        return switch (dice.below(6)) {
            case 0 -> utf8(HostileValues.json(dice));
            case 1 -> dice.bytes(dice.below(60));
            case 2 -> utf8("\ufeff{}");
            case 3 -> utf8("{" + "\"a\":1,".repeat(dice.pick(1, 5_000)) + "\"b\":2}");
            case 4 -> new byte[0];
            default ->
                new String(good().bytes(), StandardCharsets.UTF_8)
                        .replaceAll(":[^,}]+", ":null")
                        .getBytes(StandardCharsets.UTF_8);
        };
    }

    private byte[] form() {
        var pairs = new ArrayList<String>();
        for (var field : route.fields()) {
            if (dice.chance(70)) {
                pairs.add(name(field) + dice.pick("", "", "[]", "[0]") + "="
                        + HostileValues.encoded(
                                dice, dice.chance(60) ? known.text(route, field) : HostileValues.text(dice)));
            }
        }
        pairs.addAll(
                dice.chance(30)
                        ? List.of(dice.pick("a", "&", "=", "=b", "%", "%zz=1", "a=%ff", "a=%00", "phone", "phone=", ""))
                        : List.of());
        return utf8(String.join(dice.chance(95) ? "&" : ";", pairs));
    }

    private byte[] multipart() {
        var out = new ByteArrayOutputStream();
        for (var field : route.fields()) {
            if (field.endsWith(":file")) {
                var name = dice.chance(50) ? "a.png" : HostileValues.fileName(dice);
                part(
                        out,
                        "name=\"" + name(field) + "\"; filename"
                                + (dice.chance(90) ? "=\"" + name + "\"" : "*=utf-8''" + name),
                        WorstPictures.bytes(dice));
            } else if (dice.chance(75)) {
                part(
                        out,
                        "name=\"" + name(field) + (dice.chance(5) ? "[]" : "") + "\"",
                        utf8(dice.chance(70) ? known.text(route, field) : HostileValues.text(dice)));
            }
        }
        if (dice.chance(15)) {
            part(
                    out,
                    dice.pick(
                            "",
                            "name",
                            "name=",
                            "name=\"",
                            "filename=\"a\"",
                            "name=\"\"; filename=\"a\"",
                            "name=\"x\"; name=\"y\"",
                            "name=\"" + "n".repeat(5_000) + "\""),
                    dice.bytes(5));
        }
        out.writeBytes(
                utf8("--" + BOUNDARY + dice.pick("--\r\n", "--\r\n", "--\r\n", "--", "-", "\r\n", "--\r\ntrailing")));
        var bytes = out.toByteArray();
        return dice.chance(90) ? bytes : java.util.Arrays.copyOf(bytes, dice.below(bytes.length));
    }

    private void part(ByteArrayOutputStream out, String parameters, byte[] content) {
        out.writeBytes(utf8("--" + BOUNDARY + "\r\n"
                + (dice.chance(96)
                        ? "Content-Disposition: form-data; " + parameters
                        : dice.pick(
                                "Content-Disposition: attachment; " + parameters,
                                "Content-Disposition:",
                                ":",
                                "X",
                                "X: " + "y".repeat(5_000)))
                + "\r\n"
                + (dice.chance(20) ? "Content-Type: " + type() + "\r\n" : "") + "\r\n"));
        out.writeBytes(content);
        out.writeBytes(utf8("\r\n"));
    }

    private static String name(String field) {
        return field.substring(0, field.indexOf(':'));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

package gateway.hostile;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Single values as strangers send them: texts, numbers, times, ids, names of files, members of JSON. */
final class HostileValues {
    private static final int DEEP = 2_000;

    private HostileValues() {}

    /** A text for any place that takes one. */
    static String text(Dice dice) {
        return switch (dice.below(14)) {
            case 0 -> "";
            case 1 -> dice.pick(" ", "\t", "\r\n", "\u00a0", "\u2028", "\ufeff", "\u200b");
            case 2 -> "a\0b";
            case 3 -> "x".repeat(dice.pick(65, 256, 4_097, 20_000));
            case 4 -> "\u0000\u0001\u001b[31m\u007f";
            case 5 ->
                dice.pick("👩‍👩‍👧‍👦", "e\u0301", "\u202egnp.exe", "İıſK", "ﷺ")
                        .repeat(1 + dice.below(40));
            case 6 ->
                dice.pick(
                        "' OR 1=1 --",
                        "\"; DROP TABLE message; --",
                        "{{7*7}}",
                        "${jndi:ldap://127.0.0.1/a}",
                        "%s%n%d",
                        "<script>");
            case 7 ->
                dice.pick("../../../../etc/passwd", "..\\..\\", "/dev/zero", "file:///etc/passwd", "con", "C:\\a");
            case 8 -> number(dice);
            case 9 -> time(dice);
            case 10 -> id(dice);
            case 11 -> dice.pick("null", "true", "[]", "{}", "undefined", "NaN", "-0");
            case 12 ->
                dice.pick(
                        "http://127.0.0.1:9/a",
                        "http://[::1]:9/",
                        "https://name.invalid/%",
                        "http://a b",
                        "http://",
                        "x:",
                        "https://127.0.0.1:99999/",
                        "https://user:word@127.0.0.1:9/",
                        "http://%31%32%37.0.0.1:9/",
                        "https://[v1.x]/");
            default -> new String(dice.bytes(1 + dice.below(40)), StandardCharsets.ISO_8859_1);
        };
    }

    /** A number as text, most of them outside of what a computer counts with. */
    static String number(Dice dice) {
        return dice.pick(
                "0",
                "-0",
                "-1",
                "1",
                "+1",
                "007",
                "1.5",
                "1e3",
                "1E400",
                "-1e-400",
                "2147483648",
                "-2147483649",
                "9223372036854775807",
                "9223372036854775808",
                "-9223372036854775808",
                "99999999999999999999999",
                "0x10",
                "١٢٣",
                "1_000",
                "1,5",
                "NaN",
                "Infinity",
                " 1",
                "1 ",
                "9".repeat(70),
                "0." + "3".repeat(60),
                "1e-05");
    }

    /** A time as text, few of them such that a database has it. */
    static String time(Dice dice) {
        return dice.pick(
                "-999999999-01-01T00:00:00Z",
                "+999999999-12-31T23:59:59.999999999Z",
                "-1000000000-01-01T00:00:00Z",
                "+1000000000-12-31T23:59:59Z",
                "0000-00-00T00:00:00Z",
                "2026-02-30T00:00:00Z",
                "2026-01-01T24:00:00Z",
                "2026-01-01T23:59:60Z",
                "2026-01-01T00:00:00+18:00",
                "2026-01-01T00:00:00-18:01",
                "2026-01-01T00:00:00.1234567890Z",
                "2026-01-01",
                "2026-W01-1",
                "now",
                "1767225600",
                "-292275056-01-01T00:00:00Z",
                "+292278994-08-17T07:12:55.808Z",
                "10000-01-01T00:00:00Z",
                "+10000-01-01T00:00:00Z",
                "-0001-01-01T00:00:00Z",
                "2026-01-01T00:00:00Z\0",
                "2026-01-01t00:00:00z",
                "2026-01-01 00:00:00Z",
                "2026-01-01T00:00:00[Europe/Berlin]");
    }

    /** An address, a message's id, an account's name. */
    static String id(Dice dice) {
        return dice.pick(
                "@",
                "@s.whatsapp.net",
                "1@s.whatsapp.net",
                "12025550101@",
                "12025550101@@s.whatsapp.net",
                "0@g.us",
                "-@g.us",
                "120363000000000000@g.us",
                "12025550101:99999999999@s.whatsapp.net",
                "12025550101.1:2@lid",
                "status@broadcast",
                "a@newsletter",
                "9".repeat(40),
                "+",
                "+1 (202) 555-0101",
                "default",
                "DEFAULT",
                "second",
                ".",
                "..",
                "-",
                "_",
                "%2e%2e",
                "a/b",
                "a%2fb",
                "A".repeat(64),
                "A".repeat(65),
                "1".repeat(300) + "@g.us",
                "12025550101@g.us",
                "é@s.whatsapp.net",
                "3EB0" + "0".repeat(18));
    }

    /** The name of a file in a form, as it stands between quotes. */
    static String fileName(Dice dice) {
        return switch (dice.below(6)) {
            case 0 ->
                dice.pick(
                        "../../a.png",
                        "..\\a.png",
                        "/tmp/a.jpg",
                        "C:\\fakepath\\a.jpg",
                        ".",
                        "..",
                        "",
                        " ",
                        "a.png\\",
                        "...");
            case 1 -> "n".repeat(dice.pick(255, 256, 5_000)) + ".png";
            case 2 ->
                dice.pick(
                        "a\\\"b.png",
                        "a\"; name=\"phone",
                        "a%22b.png",
                        "a;b.png",
                        "a=b.png",
                        "a\r\nX-A: b",
                        "a\0.png",
                        "a\tb");
            case 3 ->
                dice.pick(
                        "=?utf-8?Q?=80?=",
                        "=?utf-8?B?!!!?=",
                        "=?nosuch?Q?a?=",
                        "=?utf-8?Q?" + "a".repeat(200) + "?=",
                        "=?");
            case 4 -> text(dice);
            default -> new String(dice.bytes(1 + dice.below(12)), StandardCharsets.ISO_8859_1);
        };
    }

    /** A JSON text for one member's value. */
    static String json(Dice dice) {
        return switch (dice.below(14)) {
            case 0 -> "null";
            case 1 -> dice.pick("true", "false");
            case 2 -> number(dice);
            case 3 -> quoted(text(dice));
            case 4 -> quoted(time(dice));
            case 5 -> quoted(id(dice));
            case 6 ->
                dice.pick(
                        "\"\\ud800\"",
                        "\"\\udc00\\ud800\"",
                        "\"a\\ud83d\"",
                        "\"\\u0000\"",
                        "\"\\uffff\"",
                        "\"\\x\"",
                        "\"\\u12\"");
            case 7 -> "[".repeat(dice.pick(3, 64, DEEP)) + "1" + "]".repeat(dice.pick(3, 64, DEEP));
            case 8 -> "{\"a\":".repeat(dice.pick(3, 64, DEEP)) + "1" + "}".repeat(dice.pick(3, 64, DEEP));
            case 9 ->
                dice.pick(
                        "[]",
                        "{}",
                        "[null]",
                        "[[]]",
                        "[{}]",
                        "[1,\"a\",null]",
                        "{\"a\":1,\"a\":2}",
                        "{\"\":null}",
                        "[\"\"]",
                        "[true]");
            case 10 -> "[" + quoted(text(dice)) + (", " + quoted(id(dice))).repeat(dice.pick(0, 1, 40, 2_000)) + "]";
            case 11 ->
                dice.pick(
                        "1e99999", "-1e99999", "123456789012345678901234567890.5", "0.1e-9999", "1" + "0".repeat(900));
            case 12 ->
                dice.pick("'a'", "tru", "+1", "01", ".5", "NaN", "/* a */ 1", "\"", "\"\n\"", "", ",", "]", "\u0000");
            default -> "\"" + new String(dice.bytes(1 + dice.below(8)), StandardCharsets.ISO_8859_1) + "\"";
        };
    }

    /** A text as a JSON string. */
    static String quoted(String text) {
        var out = new StringBuilder("\"");
        text.chars()
                .forEach(c -> out.append(
                        c < 0x20 || c == '"' || c == '\\' ? String.format("\\u%04x", c) : String.valueOf((char) c)));
        return out.append('"').toString();
    }

    /** Part of a query or a form: encoded as it should be, or not at all. */
    static String encoded(Dice dice, String text) {
        return dice.chance(80)
                ? URLEncoder.encode(text, StandardCharsets.UTF_8)
                : text.replaceAll("[\\s\0-\\x1f\\x7f-\\uffff&#]", "%");
    }
}

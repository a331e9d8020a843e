package gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One refusal of a body names every bad field. */
class BadFieldsTest extends PairedRig {
    @Test
    void allBadFieldsAreNamedAtOnce() {
        var body = ApiRig.object()
                .put("phone", "12 34")
                .put("message", 7)
                .put("duration", -1)
                .put("is_forwarded", "perhaps")
                .put("mesage", "Hello");
        body.putArray("mentions").add(1);
        var reply = rig.post("/send/message", body);
        assertEquals(400, reply.status());
        assertEquals("VALIDATION_ERROR", reply.json().path("code").asText());
        assertEquals(
                "duration: must be a whole number from 0 to 4294967295"
                        + "; is_forwarded: must be true or false"
                        + "; mentions: must be a string"
                        + "; message: must be a string"
                        + "; phone: must be a phone number in international form without spaces, or a WhatsApp address"
                        + "; mesage: is not a field of this operation, which has phone, message, reply_message_id,"
                        + " is_forwarded, duration, mentions.",
                reply.message());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/send/poll|max_answer: cannot be blank; options: cannot be blank; phone: is not a possible phone number; question: cannot be blank.",
                "/message/ABC/reaction|phone: is not a possible phone number.",
                "/group/participants|group_id: cannot be blank; participants: cannot be blank; phone: is not a field of this operation, which has group_id, participants.",
                "/devices/" + ApiRig.DEVICE
                        + "/engine|engine: cannot be blank; phone: is not a field of this operation, which has engine, force."
            })
    void missingAndBadFieldsAreNamedTogether(String path, String message) {
        assertEquals(
                message, rig.post(path, ApiRig.object().put("phone", "999")).message());
        assertEquals(message, rig.form("POST", path, Map.of("phone", "999")).message());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/chats?limit=0&offset=-1&archived=maybe|archived: must be true or false; limit: must be a whole number from 1 to 100; offset: must be a whole number from 0 to 2147483647.",
                "/chat/12025550101/messages?limit=x&start_time=today&end_time=now&limt=5|end_time: must be an RFC 3339 time such as 2026-01-02T03:04:05Z; limit: must be a whole number from 1 to 100; start_time: must be an RFC 3339 time such as 2026-01-02T03:04:05Z; limt: is not a field of this operation, which has limit, offset, before, start_time, end_time, media_only, is_from_me, search, device_id.",
                "/user/avatar?is_preview=x&is_community=y|is_community: must be true or false; is_preview: must be true or false; phone: cannot be blank.",
                "/group/invite-link?reset=x|group_id: cannot be blank; reset: must be true or false."
            })
    void allBadParametersOfAQueryAreNamedTogether(String path, String message) {
        assertEquals(message, rig.get(path).message());
    }

    /** The original passes over them, and so its clients send some. */
    @Test
    void aFieldThatTheOperationDoesNotHaveIsNoReasonToRefuse() {
        var body =
                ApiRig.object().put("phone", ApiRig.BOB).put("message", "Hello").put("priority", "high");
        assertEquals(200, rig.post("/send/message", body).status());
        assertEquals(
                200,
                rig.form("POST", "/send/message", Map.of("phone", ApiRig.BOB, "message", "Hello", "priority", "high"))
                        .status());
    }

    /** Whatever was sent: the reply repeats the beginnings of a few names, and no value. */
    @Test
    void theRefusalOfManyBadFieldsIsSmall() {
        var body = ApiRig.object().put("phone", ApiRig.BOB).put("message", "Hello");
        var mentions = body.putArray("mentions");
        for (int i = 0; i < 500; i++) {
            body.put("a,".repeat(500) + i, "value-of-a-field");
            mentions.add("12 34");
        }
        body.put("__proto__", "value-of-a-field").put("\u001b[31m", "value-of-a-field");
        var reply = rig.post("/send/message", body);
        assertEquals(400, reply.status());
        assertTrue(reply.message().startsWith("mentions: "), reply.message());
        assertTrue(reply.body().length < 2_000, reply.message());
        assertFalse(reply.message().contains("value-of-a-field"), reply.message());
    }

    /** Whoever forgets the name of a form's field sends its value alone; a code in Base64 may end with an equals sign. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3cret-of-a-client",
                "phone=12025550101&s3cret-of-a-client",
                "s3cret-of-a-client=",
                "s3cret-of-a-client=&message="
            })
    void aNameWithoutAValueIsNotRepeated(String form) {
        var reply = rig.post(
                "/send/message", "application/x-www-form-urlencoded", form.getBytes(StandardCharsets.US_ASCII));
        assertEquals(400, reply.status());
        assertTrue(
                reply.message().contains("(a name without a value): is not a field of this operation"),
                reply.message());
        assertFalse(reply.message().contains("s3cret"), reply.message());
    }

    /** A name is cut where a value is refused by it. */
    @Test
    void aLongNameIsCutWhereItsValueIsNotPercentEncoded() {
        var reply = rig.post(
                "/send/message",
                "application/x-www-form-urlencoded",
                ("n".repeat(500) + "=%zz").getBytes(StandardCharsets.US_ASCII));
        assertEquals("n".repeat(64) + ": is not correctly percent-encoded.", reply.message());
    }
}

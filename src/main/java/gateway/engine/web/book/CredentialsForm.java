package gateway.engine.web.book;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.FieldReader;
import gateway.engine.web.primitive.FieldWriter;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.signal.CurvePair;
import gateway.engine.web.signal.CurvePublic;
import gateway.engine.web.signal.Secret32;

/** The stored form of credentials: numbered fields, of which every later version reads those of an earlier one. */
final class CredentialsForm {
    private static final int NOISE = 1;
    private static final int IDENTITY = 2;
    private static final int SIGNED_ID = 3;
    private static final int SIGNED_SECRET = 4;
    private static final int SIGNATURE = 5;
    private static final int REGISTRATION = 6;
    private static final int ADV_SECRET = 7;
    private static final int ROUTING = 8;
    private static final int JID = 9;
    private static final int LID = 10;
    private static final int PLATFORM = 11;
    private static final int BUSINESS = 12;
    private static final int SIGNED_IDENTITY = 13;
    private static final int ACCOUNT = 14;

    private CredentialsForm() {}

    static byte[] write(DeviceCredentials own) {
        FieldWriter out = new FieldWriter()
                .bytes(NOISE, own.noise().secret().bytes())
                .bytes(IDENTITY, own.identity().secret().bytes())
                .bytes(SIGNED_ID, text(Integer.toString(own.signedPreKey().id())))
                .bytes(SIGNED_SECRET, own.signedPreKey().pair().secret().bytes())
                .bytes(SIGNATURE, own.signedPreKey().signature())
                .bytes(REGISTRATION, text(Integer.toString(own.registrationId())))
                .bytes(ADV_SECRET, own.advSecret().bytes())
                .bytes(ROUTING, own.routing());
        own.paired().ifPresent(account -> {
            out.bytes(JID, text(account.jid().text()))
                    .bytes(PLATFORM, text(account.platform()))
                    .bytes(BUSINESS, text(account.businessName()))
                    .bytes(SIGNED_IDENTITY, account.signedIdentity())
                    .bytes(ACCOUNT, account.account().raw());
            account.lid().ifPresent(lid -> out.bytes(LID, text(lid.text())));
        });
        return out.written();
    }

    static DeviceCredentials read(byte[] stored) throws WireRefusal {
        Map<Integer, byte[]> fields = new TreeMap<>();
        FieldReader reader = new FieldReader(stored);
        while (reader.next()) {
            fields.put(reader.number(), reader.bytes());
        }
        CurvePair identity = CurvePair.of(field(fields, IDENTITY));
        Optional<DeviceCredentials.Paired> paired = Optional.empty();
        if (fields.containsKey(JID)) {
            paired = Optional.of(new DeviceCredentials.Paired(
                    DeviceJid.parse(words(field(fields, JID))),
                    Optional.ofNullable(fields.get(LID)).map(lid -> DeviceJid.parse(words(lid))),
                    words(field(fields, PLATFORM)),
                    words(field(fields, BUSINESS)),
                    field(fields, SIGNED_IDENTITY),
                    CurvePublic.of(field(fields, ACCOUNT))));
        }
        return new DeviceCredentials(
                CurvePair.of(field(fields, NOISE)),
                identity,
                new DeviceCredentials.SignedPreKey(
                        Integer.parseInt(words(field(fields, SIGNED_ID))),
                        CurvePair.of(field(fields, SIGNED_SECRET)),
                        field(fields, SIGNATURE)),
                Integer.parseInt(words(field(fields, REGISTRATION))),
                Secret32.of(field(fields, ADV_SECRET)),
                paired,
                field(fields, ROUTING));
    }

    private static byte[] field(Map<Integer, byte[]> fields, int number) throws WireRefusal {
        byte[] value = fields.get(number);
        if (value == null) {
            throw new WireRefusal(WireRefusal.Reason.MALFORMED, "stored credentials without field " + number);
        }
        return value;
    }

    private static byte[] text(String words) {
        return words.getBytes(StandardCharsets.UTF_8);
    }

    private static String words(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}

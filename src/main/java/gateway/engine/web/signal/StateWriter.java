package gateway.engine.web.signal;

import java.io.ByteArrayOutputStream;
import java.util.OptionalInt;

/** Writes stored states: a version byte, then numbers of four bytes (big-endian), keys of 32 bytes, counted lists. */
final class StateWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);

    StateWriter(int version) {
        out.write(version);
    }

    StateWriter number(int value) {
        out.write(value >>> 24);
        out.write(value >>> 16);
        out.write(value >>> 8);
        out.write(value);
        return this;
    }

    StateWriter flag(boolean value) {
        out.write(value ? 1 : 0);
        return this;
    }

    StateWriter optional(OptionalInt value) {
        flag(value.isPresent());
        value.ifPresent(this::number);
        return this;
    }

    StateWriter secret(Secret32 value) {
        out.writeBytes(value.view());
        return this;
    }

    StateWriter key(CurvePublic value) {
        out.write(value.view(), 1, Curve.KEY_BYTES);
        return this;
    }

    StateWriter pair(CurvePair value) {
        return secret(value.secret()).key(value.known());
    }

    StateWriter chain(HashChain value) {
        return secret(value.key()).number(value.next());
    }

    StateWriter skipped(SkippedKeys value) {
        number(value.size());
        value.all().forEach(key -> number(key.counter()).secret(key.seed()));
        return this;
    }

    byte[] written() {
        return out.toByteArray();
    }
}

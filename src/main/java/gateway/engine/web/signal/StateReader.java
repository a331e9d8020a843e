package gateway.engine.web.signal;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;

/** Reads stored states; what is cut off, too long, of an unknown version or beyond a limit is refused. */
final class StateReader {
    private final byte[] data;
    private int at;

    StateReader(byte[] data, int version) throws WireRefusal {
        this.data = data;
        if (data.length > SignalLimits.MAX_STORED_BYTES) {
            throw new WireRefusal(Reason.OVERSIZED, "a stored state has " + data.length + " bytes");
        }
        int found = Byte.toUnsignedInt(data[take(1)]);
        if (found != version) {
            throw new WireRefusal(Reason.BAD_VERSION, "a stored state has version " + found);
        }
    }

    int number() throws WireRefusal {
        int from = take(4);
        return data[from] << 24 | (data[from + 1] & 0xFF) << 16 | (data[from + 2] & 0xFF) << 8 | data[from + 3] & 0xFF;
    }

    int count(int max) throws WireRefusal {
        int count = number();
        if (count < 0 || count > max) {
            throw new WireRefusal(
                    Reason.OVERSIZED, "a stored list has " + Integer.toUnsignedString(count) + " entries");
        }
        return count;
    }

    boolean flag() throws WireRefusal {
        byte value = data[take(1)];
        if (value != 0 && value != 1) {
            throw new WireRefusal(Reason.MALFORMED, "a stored flag is " + value);
        }
        return value == 1;
    }

    OptionalInt optional() throws WireRefusal {
        return flag() ? OptionalInt.of(number()) : OptionalInt.empty();
    }

    Secret32 secret() throws WireRefusal {
        return Secret32.at(data, take(Curve.KEY_BYTES));
    }

    CurvePublic key() throws WireRefusal {
        return CurvePublic.known(secret().view());
    }

    CurvePair pair() throws WireRefusal {
        return new CurvePair(secret(), key());
    }

    HashChain chain() throws WireRefusal {
        return new HashChain(secret(), number());
    }

    SkippedKeys skipped() throws WireRefusal {
        int count = count(SignalLimits.MAX_SKIPPED_KEYS);
        List<SkippedKeys.Skipped> keys = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            keys.add(new SkippedKeys.Skipped(number(), secret()));
        }
        return SkippedKeys.of(keys, SignalLimits.MAX_SKIPPED_KEYS);
    }

    void end() throws WireRefusal {
        if (at != data.length) {
            throw new WireRefusal(Reason.MALFORMED, "a stored state has " + (data.length - at) + " bytes too many");
        }
    }

    private int take(int length) throws WireRefusal {
        if (data.length - at < length) {
            throw new WireRefusal(Reason.MALFORMED, "a stored state is cut off");
        }
        int from = at;
        at += length;
        return from;
    }
}

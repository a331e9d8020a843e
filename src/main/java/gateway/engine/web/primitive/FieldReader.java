package gateway.engine.web.primitive;

import java.util.Arrays;

import gateway.engine.web.primitive.WireRefusal.Reason;

/**
 * A reader of raw protobuf fields, for messages that are authenticated as bytes. Groups (wire types 3 and 4) are
 * refused; every length is checked against what is left.
 */
public final class FieldReader {
    /** The wire type of a number. */
    public static final int VARINT = 0;
    /** The wire type of eight bytes. */
    public static final int FIXED64 = 1;
    /** The wire type of bytes, text and messages. */
    public static final int BYTES = 2;
    /** The wire type of four bytes. */
    public static final int FIXED32 = 5;

    private static final int MAX_VARINT_BYTES = 10;

    private final byte[] data;
    private final int end;
    private int at;
    private int start;
    private int number;
    private int type;
    private long value;
    private int content;

    /** A reader of all of the data. */
    public FieldReader(byte[] data) {
        this(data, 0, data.length);
    }

    /** A reader of the data from an offset to another, which is not included. */
    public FieldReader(byte[] data, int from, int to) {
        this.data = data;
        this.at = from;
        this.end = to;
    }

    /** Moves to the next field; false at the end. */
    public boolean next() throws WireRefusal {
        if (at == end) {
            return false;
        }
        start = at;
        long tag = number64();
        type = (int) (tag & 7);
        if (tag >>> 3 == 0 || tag >>> 3 > 0x1FFFFFFF) {
            throw malformed("a field number is out of range");
        }
        number = (int) (tag >>> 3);
        switch (type) {
            case VARINT -> {
                content = at;
                value = number64();
            }
            case FIXED64 -> take(8);
            case FIXED32 -> take(4);
            case BYTES -> take(number64());
            default -> throw malformed("field " + number + " has wire type " + type);
        }
        return true;
    }

    /** The field's number. */
    public int number() {
        return number;
    }

    /** The field's wire type. */
    public int type() {
        return type;
    }

    /** The field's number as 32 bits, unsigned; refused when it is not a number or is larger. */
    public int uint32() throws WireRefusal {
        if (type != VARINT || value >>> 32 != 0) {
            throw malformed("field " + number + " is not a number of 32 bits");
        }
        return (int) value;
    }

    /** A copy of the field's bytes; refused when it holds none. */
    public byte[] bytes() throws WireRefusal {
        if (type != BYTES) {
            throw malformed("field " + number + " does not hold bytes");
        }
        return Arrays.copyOfRange(data, content, at);
    }

    /** A reader of the field's content as a message. */
    public FieldReader message() throws WireRefusal {
        if (type != BYTES) {
            throw malformed("field " + number + " does not hold a message");
        }
        return new FieldReader(data, content, at);
    }

    /** A copy of the whole field as it was received: tag, length and content. */
    public byte[] raw() {
        return Arrays.copyOfRange(data, start, at);
    }

    private void take(long length) throws WireRefusal {
        if (length < 0 || length > end - at) {
            throw malformed("field " + number + " is longer than what is left");
        }
        content = at;
        at += (int) length;
    }

    private long number64() throws WireRefusal {
        long result = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            if (at == end) {
                throw malformed("a number is cut off");
            }
            byte next = data[at++];
            result |= (long) (next & 0x7F) << 7 * i;
            if (next >= 0) {
                return result;
            }
        }
        throw malformed("a number has more than ten bytes");
    }

    private static WireRefusal malformed(String message) {
        return new WireRefusal(Reason.MALFORMED, message);
    }
}

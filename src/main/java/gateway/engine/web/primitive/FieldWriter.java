package gateway.engine.web.primitive;

import java.io.ByteArrayOutputStream;

/** A writer of raw protobuf fields in the order of its calls; zeros are written too, as proto2 does for a set field. */
public final class FieldWriter {
    private final ByteArrayOutputStream out;

    /** An empty message. */
    public FieldWriter() {
        this(new byte[0]);
    }

    /** A message behind a prefix that is not protobuf. */
    public FieldWriter(byte... prefix) {
        out = new ByteArrayOutputStream(prefix.length + 192);
        out.writeBytes(prefix);
    }

    /** Writes a number of 32 bits, unsigned. */
    public FieldWriter uint32(int number, int value) {
        varint((long) number << 3 | FieldReader.VARINT);
        varint(Integer.toUnsignedLong(value));
        return this;
    }

    /** Writes bytes, text or a message. */
    public FieldWriter bytes(int number, byte[] value) {
        varint((long) number << 3 | FieldReader.BYTES);
        varint(value.length);
        out.writeBytes(value);
        return this;
    }

    /** Appends bytes as they are: a field that was read raw, or what follows the message. */
    public FieldWriter raw(byte[] field) {
        out.writeBytes(field);
        return this;
    }

    /** What was written. */
    public byte[] written() {
        return out.toByteArray();
    }

    private void varint(long value) {
        long left = value;
        while ((left & ~0x7FL) != 0) {
            out.write((int) (left & 0x7F | 0x80));
            left >>>= 7;
        }
        out.write((int) left);
    }
}

package gateway.twin.web;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A protobuf message as its numbered fields: {@code Long} for varints, {@code byte[]} for everything with a length. */
final class Fields {
    private final Map<Integer, List<Object>> values = new LinkedHashMap<>();

    Fields put(int number, long value) {
        values.computeIfAbsent(number, n -> new ArrayList<>()).add(value);
        return this;
    }

    Fields put(int number, byte[] value) {
        values.computeIfAbsent(number, n -> new ArrayList<>()).add(value);
        return this;
    }

    Fields put(int number, String value) {
        return put(number, value.getBytes(StandardCharsets.UTF_8));
    }

    Fields put(int number, Fields value) {
        return put(number, value.bytes());
    }

    boolean has(int number) {
        return values.containsKey(number);
    }

    /** The number of the first field; 0 when the message is empty. */
    int first() {
        return values.keySet().stream().findFirst().orElse(0);
    }

    long number(int number) {
        return has(number) ? (Long) values.get(number).getFirst() : 0;
    }

    /** The field's bytes; empty when the field is absent. */
    byte[] bytes(int number) {
        return has(number) ? (byte[]) values.get(number).getFirst() : new byte[0];
    }

    String text(int number) {
        return new String(bytes(number), StandardCharsets.UTF_8);
    }

    Fields message(int number) {
        return read(bytes(number));
    }

    /** The messages of a repeated field. */
    List<Fields> messages(int number) {
        return values.getOrDefault(number, List.of()).stream()
                .map(value -> read((byte[]) value))
                .toList();
    }

    byte[] bytes() {
        var out = new ByteArrayOutputStream();
        values.forEach((number, all) -> all.forEach(value -> {
            if (value instanceof Long varint) {
                varint(out, (long) number << 3);
                varint(out, varint);
            } else {
                var bytes = (byte[]) value;
                varint(out, (long) number << 3 | 2);
                varint(out, bytes.length);
                out.writeBytes(bytes);
            }
        }));
        return out.toByteArray();
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        for (; (value & ~0x7FL) != 0; value >>>= 7) {
            out.write((int) (value & 0x7F | 0x80));
        }
        out.write((int) value);
    }

    /** @throws IllegalArgumentException when the bytes are not a protobuf message */
    static Fields read(byte[] bytes) {
        var fields = new Fields();
        var in = ByteBuffer.wrap(bytes);
        try {
            while (in.hasRemaining()) {
                long key = varint(in);
                int number = (int) (key >>> 3);
                switch ((int) (key & 7)) {
                    case 0 -> fields.put(number, varint(in));
                    case 1 -> fields.put(number, in.getLong());
                    case 2 -> {
                        var value = new byte[Math.toIntExact(Math.min(varint(in), in.remaining() + 1L))];
                        in.get(value);
                        fields.put(number, value);
                    }
                    case 5 -> fields.put(number, (long) in.getInt());
                    default -> throw new IllegalArgumentException("a field of an unknown wire type");
                }
            }
        } catch (java.nio.BufferUnderflowException | NegativeArraySizeException e) {
            throw new IllegalArgumentException("the message is cut off", e);
        }
        return fields;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number of more than ten bytes");
    }
}

package gateway.engine.web.history;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;

import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.engine.web.proto.HistoryProto.Conversation;
import gateway.engine.web.proto.HistoryProto.HistorySync;

/** A chunk of history, which is zlib-deflated: read as a stream, so that no more than one conversation is in memory. */
public final class HistoryChunk {
    /** The longest chunk that is read, in bytes when inflated; a first chunk has 5 to 20 MB. */
    public static final int MAX_INFLATED_BYTES = 64 << 20;
    /** The longest conversation that is read, in bytes. */
    public static final int MAX_CONVERSATION_BYTES = 8 << 20;
    /** The longest of all that is no conversation. */
    private static final int MAX_REST_BYTES = 8 << 20;

    private static final int CONVERSATION_TAG =
            HistorySync.CONVERSATIONS_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    private HistoryChunk() {}

    /**
     * Reads a chunk and hands over its conversations one by one. Returns the rest: kind, progress, names, mappings.
     * What was handed over before a refusal is authentic, because the file's MAC was checked before. Does not close
     * the stream.
     *
     * @throws WireRefusal ({@code OVERSIZED}) beyond {@link #MAX_INFLATED_BYTES}; ({@code MALFORMED}) for what is not
     *     deflated protobuf
     */
    @SuppressWarnings("deprecation") // the only call of protobuf that copies an unknown field as it is
    public static HistorySync read(InputStream deflated, Consumer<Conversation> conversations)
            throws IOException, WireRefusal {
        CodedInputStream in = CodedInputStream.newInstance(new Capped(new InflaterInputStream(deflated)));
        ByteString.Output rest = ByteString.newOutput();
        CodedOutputStream others = CodedOutputStream.newInstance(rest);
        try {
            for (int tag; (tag = in.readTag()) != 0; ) {
                if (tag == CONVERSATION_TAG) {
                    int length = in.readRawVarint32();
                    if (length < 0 || length > MAX_CONVERSATION_BYTES) {
                        throw new WireRefusal(Reason.OVERSIZED, "a conversation of " + length + " bytes");
                    }
                    conversations.accept(Conversation.parseFrom(in.readRawBytes(length)));
                } else if (isKnown(tag) && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                    int length = in.readRawVarint32();
                    room(others, length);
                    others.writeUInt32NoTag(tag);
                    others.writeUInt32NoTag(length);
                    others.writeRawBytes(in.readRawBytes(length));
                } else if (isKnown(tag) && WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_START_GROUP) {
                    room(others, 0);
                    in.skipField(tag, others);
                } else if (isKnown(tag) || !in.skipField(tag)) {
                    throw new WireRefusal(Reason.MALFORMED, "the history has a group in the stead of a field");
                }
            }
            others.flush();
            return HistorySync.parseFrom(rest.toByteString());
        } catch (Capped.TooLong _) {
            throw new WireRefusal(Reason.OVERSIZED, "the history has more than " + MAX_INFLATED_BYTES + " bytes");
        } catch (InvalidProtocolBufferException | ZipException | EOFException e) {
            if (e.getCause() instanceof Capped.TooLong) {
                throw new WireRefusal(Reason.OVERSIZED, "the history has more than " + MAX_INFLATED_BYTES + " bytes");
            }
            throw new WireRefusal(Reason.MALFORMED, "the history is not deflated protobuf");
        }
    }

    /** Refuses a field of that many bytes for which the rest has no room. */
    private static void room(CodedOutputStream rest, int length) throws WireRefusal {
        if (length < 0 || length > MAX_REST_BYTES - rest.getTotalBytesWritten()) {
            throw new WireRefusal(Reason.OVERSIZED, "names and mappings of more than " + MAX_REST_BYTES + " bytes");
        }
    }

    private static boolean isKnown(int tag) {
        return HistorySync.getDescriptor().findFieldByNumber(WireFormat.getTagFieldNumber(tag)) != null;
    }

    /** A stream that ends with an error beyond the limit. */
    private static final class Capped extends InputStream {
        private final InputStream in;
        private long left = MAX_INFLATED_BYTES;

        Capped(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int read = in.read(bytes, from, length);
            left -= Math.max(read, 0);
            if (left < 0) {
                throw new TooLong();
            }
            return read;
        }

        static final class TooLong extends IOException {
            private static final long serialVersionUID = 1L;
        }
    }
}

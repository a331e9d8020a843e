package gateway.engine.web.appstate;

import java.util.List;
import java.util.Optional;

import com.google.protobuf.ByteString;

import gateway.engine.web.proto.HistoryProto.SyncActionData;

/**
 * A decrypted change of a record.
 *
 * @param set      whether the record is set; removed otherwise
 * @param indexMac the MAC by which the record is found again
 * @param valueMac the MAC that the collection's hash counts
 * @param index    the record's name; empty when the bytes are no list of texts: such a record counts, but says nothing
 * @param data     the record
 */
public record Mutation(
        boolean set, ByteString indexMac, ByteString valueMac, Optional<List<String>> index, SyncActionData data) {}

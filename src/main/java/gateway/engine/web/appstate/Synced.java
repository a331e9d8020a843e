package gateway.engine.web.appstate;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.google.protobuf.ByteString;

/** What came of a patch or a snapshot. What is not authentic is refused by an exception instead. */
public sealed interface Synced {
    /**
     * It was taken.
     *
     * @param next      the state to store
     * @param changes   index MACs and their value MACs to store with it; an empty one is to be deleted
     * @param mutations what was set and removed, in order
     */
    record Taken(CollectionState next, Map<ByteString, Optional<ByteString>> changes, List<Mutation> mutations)
            implements Synced {}

    /** A key is missing: the collection waits until the phone has shared the key. Nothing changes. */
    record Blocked(ByteString keyId) implements Synced {}

    /** The version is not above the stored one: it was applied before. Nothing changes. */
    record Known() implements Synced {}
}

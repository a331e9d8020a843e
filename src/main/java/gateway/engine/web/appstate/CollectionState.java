package gateway.engine.web.appstate;

import java.util.Arrays;

/**
 * What is stored of a collection beside its map of index MACs to value MACs; both change in one transaction.
 *
 * @param version  the version of the last patch or snapshot, 0 before any
 * @param hash     the hash over all records, 128 bytes
 * @param diverged whether an authentic patch led to another hash than its author had; the hash is not compared any
 *     longer
 */
public record CollectionState(long version, byte[] hash, boolean diverged) {
    public CollectionState {
        hash = hash.clone();
    }

    /** A collection of which nothing is known. */
    public static CollectionState none() {
        return new CollectionState(0, LtHash.empty(), false);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CollectionState(long itsVersion, byte[] itsHash, boolean itsDiverged)
                && version == itsVersion
                && diverged == itsDiverged
                && Arrays.equals(hash, itsHash);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(version) ^ Arrays.hashCode(hash);
    }
}

package gateway.config.source.remote;

import java.time.InstantSource;

import org.jspecify.annotations.Nullable;

/** The connections to secret stores, kept over reloads together with their logins; made when first needed. */
public final class RemoteStores {
    private final InstantSource clock;
    private @Nullable VaultClient vault;
    private @Nullable AwsClient aws;

    public RemoteStores() {
        this(InstantSource.system());
    }

    RemoteStores(InstantSource clock) {
        this.clock = clock;
    }

    synchronized VaultClient vault(Lookup lookup) throws StoreTrouble {
        if (vault == null) {
            vault = new VaultClient(lookup, clock);
        }
        return vault;
    }

    synchronized AwsClient aws(Lookup lookup) throws StoreTrouble {
        if (aws == null) {
            aws = new AwsClient(lookup, clock);
        }
        return aws;
    }
}

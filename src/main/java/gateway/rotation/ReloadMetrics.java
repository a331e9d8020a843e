package gateway.rotation;

import java.util.function.LongSupplier;

import gateway.config.catalogue.SecretKind;

/** What is counted when settings are taken over while the gateway runs. */
public interface ReloadMetrics {
    /** The settings were read and are in force, changed or not. */
    void succeeded();

    /** They were wrong; the old ones stay in force. */
    void failed();

    /**
     * A secret there is. Told again at each reload.
     *
     * @param since    epoch milliseconds since when it is what it is
     * @param oldUsed  epoch milliseconds of the last use of the one it replaced; 0 = none
     */
    void secret(SecretKind kind, LongSupplier since, LongSupplier oldUsed);
}

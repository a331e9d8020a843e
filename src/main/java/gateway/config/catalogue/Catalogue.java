package gateway.config.catalogue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Every setting there is, in the order in which help and {@code config check} print them. */
public final class Catalogue {
    private static final List<Setting<?>> ALL = new ArrayList<>();

    static {
        for (var group : List.of(
                GeneralSettings.ALL,
                HttpSettings.ALL,
                StorageSettings.ALL,
                SecretSettings.ALL,
                WhatsAppSettings.ALL,
                WebhookSettings.ALL,
                SendingSettings.ALL,
                AdminSettings.ALL,
                BackupSettings.ALL)) {
            ALL.addAll(group);
        }
    }

    private Catalogue() {}

    /** All settings; a setting's default depends on earlier ones only. */
    public static List<Setting<?>> all() {
        return Collections.unmodifiableList(ALL);
    }
}

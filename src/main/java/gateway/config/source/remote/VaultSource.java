package gateway.config.source.remote;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

import gateway.config.Origin;
import gateway.config.Secret;
import gateway.config.SettingProblem;
import gateway.config.catalogue.Setting;
import gateway.config.source.Found;
import gateway.config.source.Source;

/**
 * One secret of Vault's KV v2, its fields named as in the guide ({@code basic_auth}, {@code webhook_secret},
 * {@code db_uri}) or like the settings in lower case. Read whole at once; when that fails the configuration is wrong,
 * so nothing falls back to a weaker place.
 */
public final class VaultSource implements Source {
    private static final String SETTING = "WHATSAPP_VAULT_PATH";

    private final RemoteStores stores;
    private final String path;
    private final Lookup lookup;
    private final JsonNode fields;
    private final Optional<StoreTrouble> trouble;

    private VaultSource(
            RemoteStores stores, String path, Lookup lookup, JsonNode fields, Optional<StoreTrouble> trouble) {
        this.stores = stores;
        this.path = path;
        this.lookup = lookup;
        this.fields = fields;
        this.trouble = trouble;
    }

    /** Reads the secret at that path, such as {@code secret/whatsapp}. */
    public static VaultSource open(RemoteStores stores, String path, Lookup lookup) {
        try {
            return new VaultSource(
                    stores, path, lookup, stores.vault(lookup).read(path).fields(), Optional.empty());
        } catch (StoreTrouble e) {
            return new VaultSource(stores, path, lookup, JsonHttp.JSON.createObjectNode(), Optional.of(e));
        }
    }

    @Override
    public Optional<Found> find(Setting<?> setting) {
        return field(setting)
                .map(name -> new Found(
                        fields.get(name).textValue(),
                        new Origin(Origin.Kind.VAULT, "field " + name + " of " + path + " in Vault")));
    }

    private Optional<String> field(Setting<?> setting) {
        return !setting.isSecret()
                ? Optional.empty()
                : Stream.of(
                                setting.storeName().replace('-', '_'),
                                setting.storeName(),
                                setting.name().toLowerCase(java.util.Locale.ROOT))
                        .filter(name -> fields.path(name).isTextual())
                        .findFirst();
    }

    @Override
    public boolean replace(Setting<?> setting, Secret value) throws IOException {
        stores.vault(lookup).write(path, field(setting).orElseThrow(), value.reveal());
        return true;
    }

    @Override
    public List<SettingProblem> errors() {
        return trouble
                .map(e -> new SettingProblem(
                        SETTING, new Origin(Origin.Kind.VAULT, "Vault"), e.what(), e.remedy(), e.isPassing()))
                .stream()
                .toList();
    }
}

package gateway.config.catalogue;

import static gateway.config.catalogue.Setting.Nature.SECRET_LIST;
import static gateway.config.catalogue.Setting.define;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import gateway.config.Secret;

/** The key that seals, and the stores that secrets come from. */
public final class SecretSettings {
    static final List<Setting<?>> ALL = new ArrayList<>();

    public static final Setting<List<Secret>> WHATSAPP_ENCRYPTION_KEY = define(
                    "WHATSAPP_ENCRYPTION_KEY", Parsers.list(Parsers::key))
            .nature(SECRET_LIST)
            .label("KEYS")
            .show(text -> Secret.MASK)
            .storedAs("encryption-key")
            .fallbackNote("a file in APP_STORAGE_DIR")
            .help("wraps what is kept sealed: 32 bytes in Base64; older keys after a comma")
            .in(ALL);
    public static final Setting<Path> APP_SECRETS_DIR = define("APP_SECRETS_DIR", Parsers::path)
            .label("DIR")
            .help("mounted secrets, one file each: basic-auth, webhook-secret, ...")
            .in(ALL);
    public static final Setting<String> WHATSAPP_VAULT_PATH = define("WHATSAPP_VAULT_PATH", Parsers::vaultPath)
            .label("PATH")
            .help("secrets in HashiCorp Vault's KV v2, such as secret/whatsapp; reached by VAULT_ADDR and VAULT_TOKEN, "
                    + "or VAULT_ROLE_ID and VAULT_SECRET_ID")
            .in(ALL);
    public static final Setting<String> WHATSAPP_AWS_SECRETS = define("WHATSAPP_AWS_SECRETS", Parsers::awsPrefix)
            .label("PREFIX")
            .help("secrets in AWS Secrets Manager, such as whatsapp for whatsapp/basic-auth; reached by AWS_REGION")
            .in(ALL);
    public static final Setting<Duration> WHATSAPP_SECRETS_REFRESH = define(
                    "WHATSAPP_SECRETS_REFRESH", Parsers.duration(Duration.ofHours(1)))
            .label("DURATION")
            .fallback("5m")
            .help("how often Vault or AWS is asked again")
            .in(ALL);

    private SecretSettings() {}
}

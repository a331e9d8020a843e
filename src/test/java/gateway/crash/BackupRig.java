package gateway.crash;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import gateway.Program;
import gateway.backup.Gnupg;

/** An operator's key, and a directory of backups for gateways that run as programs. */
abstract class BackupRig {
    @TempDir
    Path folder;

    Path target;
    private Gnupg gpg;

    @BeforeEach
    void begin() throws Exception {
        gpg = new Gnupg(folder);
        gpg.key("ops");
        gpg.passphrase();
        target = Files.createDirectory(folder.resolve("target"));
    }

    @AfterEach
    void end() throws Exception {
        gpg.close();
    }

    /** The settings of a gateway with this storage directory, to which more can be added. */
    Map<String, String> settings(Path storage) {
        return new HashMap<>(Map.of(
                "APP_BASIC_AUTH",
                "admin:" + Program.PASSWORD,
                "APP_STORAGE_DIR",
                storage.toString(),
                "APP_PORT",
                "0",
                "WHATSAPP_BACKUP_DIRECTORY",
                target.toString(),
                "WHATSAPP_BACKUP_RECIPIENTS",
                folder.resolve("ops.asc").toString()));
    }

    /** The words that restore the newest backup into a directory. */
    String[] restoring(Path into) {
        return new String[] {
            "restore",
            "--from",
            target.toString(),
            "--key",
            "ops-secret.asc",
            "--passphrase-file",
            "passphrase",
            "--into",
            into.toString()
        };
    }
}

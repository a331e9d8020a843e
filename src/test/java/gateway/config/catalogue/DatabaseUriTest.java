package gateway.config.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import gateway.config.DatabaseSetting.Postgres;
import gateway.config.DatabaseSetting.Sqlite;
import gateway.config.DatabaseSetting.Tls;
import gateway.config.Invalid;
import gateway.config.Secret;
import gateway.config.reading.ConfigGiven;

class DatabaseUriTest {

    @ParameterizedTest
    @CsvSource({
        "_journal_mode=DELETE",
        "_journal=off",
        "_synchronous=NORMAL",
        "_synchronous=off",
        "_foreign_keys=off",
        "_fk=0",
        "_timeout=0",
        "_timeout=5s",
        "_timeout=99999",
        "mode=memory",
        "cache=shared",
        "_txlock=deferred",
        "_fk=1&_fk=1",
        "_fk"
    })
    void optionsThatWouldWeakenTheStoreAreRefused(String options) {
        assertThrows(Invalid.class, () -> DatabaseParser.parse("file:storages/whatsapp.db?" + options));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"file:", "file::memory:", "file:storages/", "storages/whatsapp.db", "sqlite:x.db", "file:a%zz.db"
            })
    void whatNamesNoFileIsRefused(String uri) {
        assertThrows(Invalid.class, () -> DatabaseParser.parse(uri));
    }

    @Test
    void theGuidesSqliteUriIsAccepted() throws Invalid {
        assertEquals(
                new Sqlite(Path.of("storages/whatsapp.db"), Duration.ofSeconds(5)),
                DatabaseParser.parse("file:storages/whatsapp.db?_journal_mode=WAL&_timeout=5000&_foreign_keys=on"));
        assertEquals(
                new Sqlite(Path.of("/srv/a b.db"), Duration.ofSeconds(9)),
                DatabaseParser.parse("file:///srv/a%20b.db?_busy_timeout=9000"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres://whatsapp:hunter2@db.example.com/whatsapp",
                "postgres://whatsapp:hunter2@db.example.com/whatsapp?sslmode=prefer",
                "postgres://whatsapp:hunter2@10.0.0.7/whatsapp?sslmode=disable",
                "postgres://whatsapp:hunter2@db.example.com/whatsapp?sslmode=hunter2",
                "postgres://whatsapp:hunter2@db.example.com/whatsapp?sslmode=require&password=hunter2",
                "postgres://whatsapp:hunter2@db.example.com?sslmode=require",
                "postgres://localhost/whatsapp",
                "postgres://whatsapp:hunter2/x@localhost/whatsapp",
                "postgres://whatsapp:hunter2#x@localhost/whatsapp",
                "postgres://whatsapp:hunter2%zz@localhost/whatsapp",
                "postgres://whatsapp:@localhost/whatsapp",
                "postgres://whatsapp:hunter2@localhost:70000/whatsapp",
                "postgres://whatsapp:hunter2@/whatsapp"
            })
    void anUnsafeOrMisreadServerIsRefusedWithoutRepeatingThePassword(String uri) {
        var invalid = assertThrows(Invalid.class, () -> DatabaseParser.parse(uri));
        assertFalse((invalid.what() + invalid.remedy()).contains("hunter2"), invalid.what());
        assertEquals(Secret.MASK, DatabaseParser.mask(uri));
    }

    @Test
    void bothSchemesAndPercentEncodedPasswordsAreRead() throws Invalid {
        assertEquals(
                new Postgres(
                        "localhost",
                        5432,
                        "whatsapp",
                        "whatsapp",
                        Optional.of(new Secret("password")),
                        Tls.REQUIRE,
                        Optional.empty()),
                DatabaseParser.parse("postgresql://whatsapp:password@localhost:5432/whatsapp?sslmode=require"));
        var encoded = (Postgres) DatabaseParser.parse(
                "postgres://whats%40app:a%2Fb+c%3D@[2001:db8::1]:6432/wa?sslmode=verify-full&sslrootcert=/etc/ca.crt");
        assertEquals("whats@app", encoded.user());
        assertEquals("a/b+c=", encoded.password().orElseThrow().reveal());
        assertEquals("2001:db8::1", encoded.host());
        assertEquals(6432, encoded.port());
        assertEquals(Tls.VERIFY_FULL, encoded.tls());
        assertEquals(Optional.of(Path.of("/etc/ca.crt")), encoded.rootCertificate());
    }

    @Test
    void onThisMachineTlsMayBeLeftOut() throws Invalid {
        assertEquals(Tls.PREFER, ((Postgres) DatabaseParser.parse("postgresql://w:p@127.0.0.1/whatsapp")).tls());
    }

    @Test
    void thePasswordIsMaskedAndTheRestIsShown() {
        assertEquals(
                "postgresql://w:********@db:5432/wa?sslmode=verify-full",
                DatabaseParser.mask("postgres://w:hunter2@db/wa?sslmode=verify-full"));
    }

    @Test
    void aRootCertificateThatIsNotThereIsAnError(@TempDir Path directory) {
        var given = new ConfigGiven(directory)
                .dotEnv("DB_URI=postgresql://w:p@db/wa?sslmode=verify-full&sslrootcert=ca.crt");
        assertTrue(
                given.error().startsWith("DB_URI (.env line 1) names a sslrootcert that cannot be read"),
                given.error());
        var file = given.file("ca.crt", "rw-r--r--", "certificate");
        assertEquals(Optional.of(file), ((Postgres) given.settings().storage().database()).rootCertificate());
    }
}

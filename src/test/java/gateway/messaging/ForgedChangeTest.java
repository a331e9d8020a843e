package gateway.messaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import gateway.engine.AccountProxies;
import gateway.engine.Event.Receipt.Kind;
import gateway.engine.MediaFiles;
import gateway.engine.sandbox.SandboxEngine;
import gateway.engine.web.WebEngine;
import gateway.secret.SecretCodec;
import gateway.store.SqlDialect;

/** Who may change a message that is kept: what others say of it no chat and no webhook believes. */
@ParameterizedClass
@EnumSource(SqlDialect.class)
class ForgedChangeTest extends ForgeryRig {
    /** No key is stored here. */
    private static final SecretCodec UNUSED = new SecretCodec() {
        @Override
        public String seal(String owner, String secret) {
            throw new AssertionError();
        }

        @Override
        public String open(String owner, String sealed) {
            throw new AssertionError();
        }

        @Override
        public Optional<String> renewed(String owner, String stored) {
            throw new AssertionError();
        }
    };

    ForgedChangeTest(SqlDialect dialect) {
        super(dialect);
    }

    @Test
    void anEditCountsFromTheAuthorAlone() {
        edits("OURS", ANN, ANN);
        edits("HERS", ANN, SELF);
        edits("OURS", BOB, BOB);
        edits("GROUP-OURS", GROUP, ANN);
        edits("GROUP-ANN", GROUP, BOB);
        edits("GROUP-ANN", GROUP, SELF);
        edits("GROUP-ANN", ANN, ANN);
        assertEquals(List.of("hers", "ours", "hers", "ours"), bodies());
        assertEquals(List.of(), told);
        edits("OURS", ANN, SELF);
        edits("HERS", ANN, ANN);
        edits("GROUP-OURS", GROUP, SELF);
        edits("GROUP-ANN", GROUP, ANN);
        assertEquals(List.of("edited", "edited", "edited", "edited"), bodies());
        assertEquals(4, told.size());
    }

    @Test
    void aRevocationCountsFromTheAuthorAlone() {
        revokes("OURS", ANN, ANN);
        revokes("HERS", ANN, SELF);
        revokes("OURS", BOB, BOB);
        revokes("GROUP-OURS", GROUP, ANN);
        revokes("GROUP-ANN", GROUP, BOB);
        assertEquals(List.of("hers", "ours", "hers", "ours"), bodies());
        assertEquals(List.of(), told);
        revokes("OURS", ANN, SELF);
        revokes("HERS", ANN, ANN);
        revokes("GROUP-OURS", GROUP, SELF);
        revokes("GROUP-ANN", GROUP, ANN);
        assertEquals(List.of("", "", "", ""), bodies());
        assertEquals(4, told.size());
    }

    @Test
    void aChangeOfAMessageThatIsNotKeptIsTold() {
        edits("OLDER", ANN, ANN);
        revokes("OLDER", ANN, ANN);
        assertEquals(2, told.size());
        assertEquals(List.of("hers", "ours", "hers", "ours"), bodies());
    }

    @Test
    void aMessageThatIsStillBeingMarkedAsSentIsOurs() {
        accept("SENT");
        edits("SENT", ANN, ANN);
        revokes("SENT", ANN, ANN);
        assertEquals(List.of(), told);
        edits("SENT", ANN, SELF);
        assertEquals(1, told.size());
    }

    @Test
    void aReactionIsItsOwnSendersAlone() {
        reacts("GROUP-OURS", GROUP, ANN, "x");
        reacts("GROUP-OURS", GROUP, BOB, "y");
        reacts("GROUP-OURS", GROUP, BOB, "");
        reacts("GROUP-OURS", BOB, BOB, "z");
        assertEquals(1, store.number("SELECT count(*) FROM reaction"));
        assertEquals(1, store.number("SELECT count(*) FROM reaction WHERE sender = ?", ANN.toString()));
    }

    @Test
    void aPersonIsTheSameUnderNumberAndLidOnceThePairIsKnown() {
        says("AS-LID", ANN_LID, ANN_LID, "hers");
        says("GROUP-LID", GROUP, ANN_LID, "hers");
        says("ANSWER", ANN_LID, SELF, "ours");
        told.clear();
        edits("AS-LID", ANN, ANN);
        edits("GROUP-LID", GROUP, ANN);
        edits("HERS", ANN_LID, ANN_LID);
        receipt(ANN, ANN, Kind.READ, "ANSWER");
        assertEquals(List.of(), told);
        with(new WebEngine(
                Optional.empty(),
                Optional.empty(),
                "Chrome",
                Optional.empty(),
                Optional.empty(),
                AccountProxies.PUBLIC,
                UNUSED,
                InstantSource.system()));
        store.write(tx -> tx.insert(
                "INSERT INTO web_lid (device, lid, phone) VALUES (?, ?, ?)", DEVICE, ANN_LID.user(), ANN.user()));
        edits("AS-LID", ANN, BOB);
        edits("AS-LID", BOB, BOB);
        assertEquals(List.of(), told);
        edits("AS-LID", ANN, ANN);
        edits("GROUP-LID", GROUP, ANN);
        edits("HERS", ANN_LID, ANN_LID);
        receipt(ANN, ANN, Kind.READ, "ANSWER");
        assertEquals(4, told.size());
        assertEquals(3, store.number("SELECT count(*) FROM message WHERE body = 'edited'"));
    }

    @Test
    void inAGroupAnAdministratorRevokesTheMessagesOfOthers() {
        with(new SandboxEngine(new MediaFiles(directory.resolve("media")), InstantSource.system()));
        store.write(tx -> {
            tx.insert(
                    "INSERT INTO sandbox_group (device, jid, owner, name, name_at, name_by, invite, created_at) VALUES (?, ?, 'o', 'n', 1, 'o', 'i', 1)",
                    DEVICE,
                    GROUP.toString());
            return tx.insert(
                    "INSERT INTO sandbox_member (device, team, jid, rank) VALUES (?, ?, ?, 0), (?, ?, ?, 1)",
                    DEVICE,
                    GROUP.toString(),
                    ANN.toString(),
                    DEVICE,
                    GROUP.toString(),
                    BOB.toString());
        });
        revokes("GROUP-OURS", GROUP, ANN);
        edits("GROUP-ANN", GROUP, BOB);
        revokes("HERS", GROUP, BOB);
        revokes("OURS", BOB, BOB);
        assertEquals(List.of(), told);
        revokes("GROUP-ANN", GROUP, BOB);
        revokes("GROUP-OURS", GROUP, BOB);
        assertEquals(List.of("", "", "hers", "ours"), bodies());
        assertEquals(2, told.size());
    }

    @Test
    void thisAccountRevokesTheMessagesOfOthersInGroups() {
        revokes("GROUP-ANN", GROUP, SELF);
        assertEquals(List.of("", "ours", "hers", "ours"), bodies());
    }
}

package gateway.api;

import java.nio.file.Path;

import gateway.api.media.MediaLimits;
import gateway.api.media.MediaSource;
import gateway.engine.sandbox.InboundRules;
import gateway.messaging.AutoActions;
import gateway.store.Database;

/** What an {@link ApiRig} is made of: the usual parts, until a test says otherwise. */
record RigSetup(
        Path directory,
        Database database,
        AutoActions auto,
        MediaLimits limits,
        MediaSource source,
        boolean strict,
        InboundRules inbound,
        String usual,
        String basePath) {

    RigSetup(Path directory) {
        this(
                directory,
                new Database.Sqlite(directory.resolve("whatsapp.db")),
                AutoActions.NONE,
                MediaLimits.DEFAULT,
                MediaSource.NONE,
                true,
                InboundRules.ALL,
                "sandbox",
                "");
    }

    RigSetup database(Database other) {
        return new RigSetup(directory, other, auto, limits, source, strict, inbound, usual, basePath);
    }

    RigSetup auto(AutoActions other) {
        return new RigSetup(directory, database, other, limits, source, strict, inbound, usual, basePath);
    }

    RigSetup limits(MediaLimits other) {
        return new RigSetup(directory, database, auto, other, source, strict, inbound, usual, basePath);
    }

    RigSetup source(MediaSource other) {
        return new RigSetup(directory, database, auto, limits, other, strict, inbound, usual, basePath);
    }

    /** The API takes bodies with fields that it does not know. */
    RigSetup lenient() {
        return new RigSetup(directory, database, auto, limits, source, false, inbound, usual, basePath);
    }

    /** Which files the account takes when they come in. */
    RigSetup inbound(InboundRules other) {
        return new RigSetup(directory, database, auto, limits, source, strict, other, usual, basePath);
    }

    /** The engine of an account that names none. */
    RigSetup usual(String engine) {
        return new RigSetup(directory, database, auto, limits, source, strict, inbound, engine, basePath);
    }

    /** What the paths of all operations start with. */
    RigSetup basePath(String other) {
        return new RigSetup(directory, database, auto, limits, source, strict, inbound, usual, other);
    }

    ApiRig start() {
        return new ApiRig(this);
    }
}

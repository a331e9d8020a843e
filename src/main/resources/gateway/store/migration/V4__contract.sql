-- What the whole REST contract needs beyond sending and reading text. Every key has the device first, as in V1.

ALTER TABLE message ADD COLUMN starred INTEGER NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN edited_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN revoked_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE chat ADD COLUMN auto_replied_at BIGINT NOT NULL DEFAULT 0;   -- the pause between automatic replies counts from it

CREATE TABLE reaction (
    device      TEXT NOT NULL,
    chat        TEXT NOT NULL,
    message     TEXT NOT NULL,
    sender      TEXT NOT NULL,
    emoji       TEXT NOT NULL,
    reacted_at  BIGINT NOT NULL,
    PRIMARY KEY (device, chat, message, sender),
    FOREIGN KEY (device, chat, message) REFERENCES message (device, chat, id) ON DELETE CASCADE
);

CREATE TABLE chat_label (
    device      TEXT NOT NULL,
    chat        TEXT NOT NULL,
    label       TEXT NOT NULL,
    name        TEXT NOT NULL,
    PRIMARY KEY (device, chat, label),
    FOREIGN KEY (device, chat) REFERENCES chat (device, jid) ON DELETE CASCADE
);

-- The sandbox's world, one per account.
ALTER TABLE sandbox_account ADD COLUMN avatar TEXT NOT NULL DEFAULT '';
ALTER TABLE sandbox_pending ADD COLUMN payload TEXT;                     -- events that are no message or receipt, as JSON

-- What the scenario wants to go wrong. It outlives pairing, as a ban does.
CREATE TABLE sandbox_trouble (
    device          TEXT PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
    banned          INTEGER NOT NULL DEFAULT 0,
    dropped         INTEGER NOT NULL DEFAULT 0,
    fail_next       INTEGER NOT NULL DEFAULT 0,
    fail_passing    INTEGER NOT NULL DEFAULT 1,
    delivered_after BIGINT NOT NULL DEFAULT 100,  -- milliseconds after the message; negative = never
    read_after      BIGINT NOT NULL DEFAULT 400
);

CREATE TABLE sandbox_contact (
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    jid         TEXT NOT NULL,
    name        TEXT NOT NULL,
    about       TEXT NOT NULL DEFAULT '',
    avatar      TEXT NOT NULL DEFAULT '',
    business    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (device, jid)
);

CREATE TABLE sandbox_group (
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    jid         TEXT NOT NULL,
    owner       TEXT NOT NULL,
    name        TEXT NOT NULL,
    name_at     BIGINT NOT NULL,
    name_by     TEXT NOT NULL,
    topic       TEXT NOT NULL DEFAULT '',
    topic_at    BIGINT NOT NULL DEFAULT 0,
    topic_by    TEXT NOT NULL DEFAULT '',
    locked      INTEGER NOT NULL DEFAULT 0,
    announce    INTEGER NOT NULL DEFAULT 0,
    approval    INTEGER NOT NULL DEFAULT 0,
    ephemeral   BIGINT NOT NULL DEFAULT 0,
    invite      TEXT NOT NULL,
    avatar      TEXT NOT NULL DEFAULT '',
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (device, jid),
    UNIQUE (device, invite)
);

CREATE TABLE sandbox_member (
    device      TEXT NOT NULL,
    team        TEXT NOT NULL,                   -- the group's address; GROUP is a word of SQL's own
    jid         TEXT NOT NULL,
    rank        INTEGER NOT NULL DEFAULT 0,      -- 0 member, 1 admin, 2 the one who made the group
    asked_at    BIGINT,                          -- asked to be let in, and is no member yet
    PRIMARY KEY (device, team, jid),
    FOREIGN KEY (device, team) REFERENCES sandbox_group (device, jid) ON DELETE CASCADE
);

CREATE TABLE sandbox_newsletter (
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    jid         TEXT NOT NULL,
    name        TEXT NOT NULL,
    description TEXT NOT NULL,
    invite      TEXT NOT NULL,
    subscribers BIGINT NOT NULL,
    muted       INTEGER NOT NULL DEFAULT 0,
    role        TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (device, jid)
);

-- What the account noted or did that leaves no other trace: reads, stars, presence, rejected calls.
CREATE TABLE sandbox_deed (
    seq         ${identity},
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    deed        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    detail      TEXT NOT NULL DEFAULT '',
    done_at     BIGINT NOT NULL
);
CREATE INDEX sandbox_deed_recent ON sandbox_deed (device, seq);

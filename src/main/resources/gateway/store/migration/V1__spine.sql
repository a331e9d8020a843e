-- Times are epoch milliseconds. Every table of an account's own has the device first in its key, so that no statement can
-- reach across accounts by forgetting it.

CREATE TABLE device (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL DEFAULT '',
    created_at  BIGINT NOT NULL
);

CREATE TABLE chat (
    device          TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    jid             TEXT NOT NULL,
    name            TEXT NOT NULL DEFAULT '',
    last_message_at BIGINT NOT NULL,
    ephemeral       BIGINT NOT NULL DEFAULT 0,   -- seconds until messages disappear; 0 = never
    archived        INTEGER NOT NULL DEFAULT 0,
    pinned          INTEGER NOT NULL DEFAULT 0,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    PRIMARY KEY (device, jid)
);
CREATE INDEX chat_recent ON chat (device, last_message_at DESC);

CREATE TABLE message (
    device      TEXT NOT NULL,
    chat        TEXT NOT NULL,
    id          TEXT NOT NULL,
    sender      TEXT NOT NULL,
    from_me     INTEGER NOT NULL,
    kind        TEXT NOT NULL,                   -- text, image, …: the name of the content's type
    body        TEXT NOT NULL DEFAULT '',        -- text or caption
    content     TEXT NOT NULL,                   -- the whole content as JSON
    sent_at     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (device, chat, id),
    FOREIGN KEY (device, chat) REFERENCES chat (device, jid) ON DELETE CASCADE
);
CREATE INDEX message_recent ON message (device, chat, sent_at DESC);
CREATE INDEX message_by_id ON message (device, id);

-- What was accepted and must go out. A row is written before the client hears 200 and is never deleted before it was sent.
CREATE TABLE outbox (
    seq         ${identity},
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    chat        TEXT NOT NULL,
    message_id  TEXT NOT NULL,
    content     TEXT NOT NULL,
    state       INTEGER NOT NULL DEFAULT 0,      -- 0 waiting, 1 sent, 2 failed for good, 3 cancelled
    attempts    INTEGER NOT NULL DEFAULT 0,
    due_at      BIGINT NOT NULL,
    wire_id     TEXT,                            -- the id WhatsApp knows it by
    error       TEXT,
    accepted_at BIGINT NOT NULL,
    finished_at BIGINT,
    UNIQUE (device, message_id)
);
CREATE INDEX outbox_waiting ON outbox (device, seq) WHERE state = 0;
CREATE INDEX outbox_lane ON outbox (device, chat, seq) WHERE state = 0;

-- What happened on WhatsApp and must reach every webhook endpoint.
CREATE TABLE event (
    seq         ${identity},
    id          TEXT NOT NULL UNIQUE,            -- the webhook-id receivers deduplicate by
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    type        TEXT NOT NULL,
    happened_at BIGINT NOT NULL
);
CREATE INDEX event_age ON event (happened_at);

CREATE TABLE delivery (
    seq             ${identity},
    event           TEXT NOT NULL REFERENCES event (id) ON DELETE CASCADE,
    endpoint        TEXT NOT NULL,
    body            TEXT NOT NULL,               -- the exact bytes (UTF-8) every attempt sends
    state           INTEGER NOT NULL DEFAULT 0,  -- 0 waiting, 1 delivered, 2 dead letter
    attempts        INTEGER NOT NULL DEFAULT 0,
    due_at          BIGINT NOT NULL,
    last_status     INTEGER,
    last_error      TEXT,
    finished_at     BIGINT
);
CREATE INDEX delivery_due ON delivery (endpoint, due_at, seq) WHERE state = 0;
CREATE INDEX delivery_event ON delivery (event);

-- The sandbox engine's own memory: the account it pretends to be paired with, what its pretended network has taken, and
-- what that network has yet to tell us. A row of the last goes only when the gateway has stored the event.
CREATE TABLE sandbox_account (
    device      TEXT PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
    jid         TEXT NOT NULL,
    push_name   TEXT NOT NULL,
    paired_at   BIGINT NOT NULL
);

CREATE TABLE sandbox_ledger (
    seq         ${identity},
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    wire_id     TEXT NOT NULL,
    chat        TEXT NOT NULL,
    content     TEXT NOT NULL,
    taken_at    BIGINT NOT NULL,
    UNIQUE (device, wire_id)
);

CREATE TABLE sandbox_pending (
    seq         ${identity},
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    kind        TEXT NOT NULL,                   -- delivered, read: receipts for wire_id; message: content came in as wire_id
    wire_id     TEXT NOT NULL,
    chat        TEXT NOT NULL,
    sender      TEXT NOT NULL,
    push_name   TEXT NOT NULL DEFAULT '',
    content     TEXT,
    due_at      BIGINT NOT NULL
);
CREATE INDEX sandbox_pending_due ON sandbox_pending (device, due_at, seq);

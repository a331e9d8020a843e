-- When WhatsApp took the message, why it never will, and which node's caller waits to hear of it.
ALTER TABLE outbox ADD COLUMN sent_at BIGINT;
ALTER TABLE outbox ADD COLUMN reason TEXT;
ALTER TABLE outbox ADD COLUMN node TEXT NOT NULL DEFAULT '';
CREATE INDEX outbox_finished ON outbox (finished_at) WHERE state <> 0;

-- Requests that carried an Idempotency-Key: the same key again is the same message again.
CREATE TABLE idempotency (
    principal   TEXT NOT NULL,
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    key         TEXT NOT NULL,
    request     TEXT NOT NULL,                   -- SHA-256 of what was asked for
    message_id  TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (principal, device, key)
);
CREATE INDEX idempotency_age ON idempotency (created_at);

-- Which of several nodes acts for an account. The epoch counts the owners; every write of an owner names its own.
CREATE TABLE session_lease (
    device      TEXT PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
    owner       TEXT NOT NULL,
    epoch       BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,                 -- by the database's clock
    account     TEXT NOT NULL DEFAULT '',        -- what the owner knows of the line, for the other nodes
    connected   INTEGER NOT NULL DEFAULT 0
);

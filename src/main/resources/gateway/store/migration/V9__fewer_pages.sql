-- Every message that is accepted writes into each of these indexes. One that has the chat before anything that grows is
-- another page for nearly every message of a group, to be written to the log and again into the file; one that grows at
-- its end is one page for all of them. Messages' ids grow with time.

CREATE TABLE message_next (
    device      TEXT NOT NULL,
    chat        TEXT NOT NULL,
    id          TEXT NOT NULL,
    sender      TEXT NOT NULL,
    from_me     INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    body        TEXT NOT NULL DEFAULT '',
    content     TEXT NOT NULL,
    sent_at     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    starred     INTEGER NOT NULL DEFAULT 0,
    edited_at   BIGINT NOT NULL DEFAULT 0,
    revoked_at  BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (device, id, chat),              -- also serves what asks for (device, id)
    FOREIGN KEY (device, chat) REFERENCES chat (device, jid) ON DELETE CASCADE
);
INSERT INTO message_next (device, chat, id, sender, from_me, kind, body, content, sent_at, created_at, updated_at, starred, edited_at, revoked_at)
    SELECT device, chat, id, sender, from_me, kind, body, content, sent_at, created_at, updated_at, starred, edited_at, revoked_at FROM message;

CREATE TABLE reaction_next (
    device      TEXT NOT NULL,
    chat        TEXT NOT NULL,
    message     TEXT NOT NULL,
    sender      TEXT NOT NULL,
    emoji       TEXT NOT NULL,
    reacted_at  BIGINT NOT NULL,
    PRIMARY KEY (device, chat, message, sender),
    FOREIGN KEY (device, chat, message) REFERENCES message_next (device, chat, id) ON DELETE CASCADE
);
INSERT INTO reaction_next (device, chat, message, sender, emoji, reacted_at)
    SELECT device, chat, message, sender, emoji, reacted_at FROM reaction;

DROP TABLE reaction;
DROP TABLE message;
ALTER TABLE message_next RENAME TO message;
ALTER TABLE reaction_next RENAME TO reaction;
CREATE INDEX message_recent ON message (device, chat, sent_at DESC);

-- The chat last: those that look for one chat's messages walk along the numbers, and need no row of the others.
DROP INDEX outbox_lane;
DROP INDEX outbox_waiting;
CREATE INDEX outbox_waiting ON outbox (device, seq, chat) WHERE state = 0;

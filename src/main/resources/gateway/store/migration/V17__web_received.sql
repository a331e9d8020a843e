-- What the multi-device engine keeps of what came in. «sealed» is text under the envelope of V7, bound to its row.

-- Polls whose votes can be read: the secret and the answers. Whoever made the poll, the votes name it by this id.
CREATE TABLE web_poll (
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    chat        TEXT NOT NULL,
    id          TEXT NOT NULL,
    author      TEXT NOT NULL,                   -- without a device
    sealed      TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (device, chat, id)
);
CREATE INDEX web_poll_age ON web_poll (device, created_at);

-- What a person's other devices agree on, as far as it was taken: the version and the hash over all records of each
-- collection, and the MACs that the hash counts.
CREATE TABLE web_collection (
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    name        TEXT NOT NULL,
    version     BIGINT NOT NULL,
    hash        TEXT NOT NULL,                   -- hexadecimal
    diverged    INTEGER NOT NULL,
    PRIMARY KEY (device, name)
);

CREATE TABLE web_record (
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    collection  TEXT NOT NULL,
    index_mac   TEXT NOT NULL,                   -- hexadecimal, as the value's
    value_mac   TEXT NOT NULL,
    PRIMARY KEY (device, collection, index_mac)
);

-- Names of persons: the address book's («book»), and the one that a person chose («push»).
CREATE TABLE web_contact (
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    person      TEXT NOT NULL,
    source      TEXT NOT NULL,
    sealed      TEXT NOT NULL,
    PRIMARY KEY (device, person, source)
);

-- Single values: the account's own name, the salt of stand-in tokens, and parts of the history that are still to be read.
CREATE TABLE web_note (
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    name        TEXT NOT NULL,
    sealed      TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (device, name)
);

-- «issued_at» is when the person issued the token; this is when ours was issued to the person. Epoch seconds.
ALTER TABLE web_privacy_token ADD COLUMN own_issued_at BIGINT NOT NULL DEFAULT 0;

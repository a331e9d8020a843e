-- What the multi-device engine must not forget. «sealed» is text under the envelope of V7, bound to its row; the account
-- comes first in every key, and with the account everything goes.

-- This process as a device of the account: its keys, and who it is once a phone has agreed.
CREATE TABLE web_device (
    device      TEXT PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
    sealed      TEXT NOT NULL
);

-- One-time pre-keys that were handed to the server and that nobody has used.
CREATE TABLE web_pre_key (
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    id          INTEGER NOT NULL,
    sealed      TEXT NOT NULL,
    PRIMARY KEY (device, id)
);

CREATE TABLE web_signed_pre_key (
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    id          INTEGER NOT NULL,
    sealed      TEXT NOT NULL,
    PRIMARY KEY (device, id)
);

-- Signal's session with one device of a person, under the person's LID where it is known.
CREATE TABLE web_session (
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    peer        TEXT NOT NULL,
    sealed      TEXT NOT NULL,
    PRIMARY KEY (device, peer)
);

-- The identity key that a person's device has proved last.
CREATE TABLE web_identity (
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    peer        TEXT NOT NULL,
    sealed      TEXT NOT NULL,
    PRIMARY KEY (device, peer)
);

CREATE TABLE web_sender_key (
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    chat        TEXT NOT NULL,
    sender      TEXT NOT NULL,
    sealed      TEXT NOT NULL,
    PRIMARY KEY (device, chat, sender)
);

CREATE TABLE web_app_state_key (
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    id          TEXT NOT NULL,                   -- hexadecimal
    sealed      TEXT NOT NULL,
    PRIMARY KEY (device, id)
);

-- A person by both names: the user parts of the LID and of the phone's address.
CREATE TABLE web_lid (
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    lid         TEXT NOT NULL,
    phone       TEXT NOT NULL,
    PRIMARY KEY (device, lid)
);
CREATE INDEX web_lid_phone ON web_lid (device, phone);

-- A person's devices as the server listed them: their numbers with spaces between.
CREATE TABLE web_device_list (
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    person      TEXT NOT NULL,
    devices     TEXT NOT NULL,
    asked_at    BIGINT NOT NULL,
    PRIMARY KEY (device, person)
);

CREATE TABLE web_privacy_token (
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    person      TEXT NOT NULL,
    sealed      TEXT NOT NULL,
    issued_at   BIGINT NOT NULL,
    PRIMARY KEY (device, person)
);

-- What goes out: the message for devices that ask again, and the very bytes, which are written before the first of them
-- leaves and are emptied when WhatsApp has taken them.
CREATE TABLE web_outgoing (
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    id          TEXT NOT NULL,
    chat        TEXT NOT NULL,
    message     TEXT NOT NULL,                   -- sealed
    stanza      TEXT NOT NULL,                   -- sealed; empty when taken
    taken_at    BIGINT NOT NULL DEFAULT 0,       -- 0 = not yet
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (device, id)
);
CREATE INDEX web_outgoing_age ON web_outgoing (device, created_at);

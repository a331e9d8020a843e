-- Users and tokens made by command or API. Those of the configuration are not here.

CREATE TABLE account_user (
    name        TEXT PRIMARY KEY,
    scopes      TEXT NOT NULL,                   -- send,read,manage
    device      TEXT NOT NULL DEFAULT '',        -- the one device it may use; empty = all
    created_at  BIGINT NOT NULL,
    last_used   BIGINT NOT NULL DEFAULT 0        -- 0 = never
);

CREATE TABLE account_password (
    seq         ${identity},
    name        TEXT NOT NULL REFERENCES account_user (name) ON DELETE CASCADE,
    hash        TEXT NOT NULL,                   -- $argon2id$…
    created_at  BIGINT NOT NULL,
    not_after   BIGINT NOT NULL DEFAULT 0        -- 0 = no end
);
CREATE INDEX account_password_of ON account_password (name);

CREATE TABLE account_token (
    id          TEXT PRIMARY KEY,
    note        TEXT NOT NULL,                   -- what its owner calls it
    digest      TEXT NOT NULL UNIQUE,            -- SHA-256 of the text
    scopes      TEXT NOT NULL,
    device      TEXT NOT NULL DEFAULT '',
    created_at  BIGINT NOT NULL,
    not_after   BIGINT NOT NULL DEFAULT 0,
    last_used   BIGINT NOT NULL DEFAULT 0        -- 0 = never
);

-- One row; counts up with every change of the tables above, so that every process sees at a glance that it has to look.
CREATE TABLE account_generation (
    id          INTEGER PRIMARY KEY,
    generation  BIGINT NOT NULL
);
INSERT INTO account_generation (id, generation) VALUES (1, 1);

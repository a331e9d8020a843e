-- A link for the person who holds an account's phone: one use, ten minutes. The link itself is not kept. An account has one at most.
CREATE TABLE device_pairing_link (
    device      TEXT PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
    digest      TEXT NOT NULL UNIQUE,            -- SHA-256 of the link's secret part, in hex
    phone       TEXT NOT NULL,                   -- whose code the page shows; empty: the page shows a QR code
    page        TEXT NOT NULL DEFAULT '',        -- SHA-256 of the key of the page that used the link; empty: not used
    linked      INTEGER NOT NULL DEFAULT 0,      -- 1 when a phone was linked since: no code is shown any more
    expires_at  BIGINT NOT NULL                  -- epoch milliseconds
);

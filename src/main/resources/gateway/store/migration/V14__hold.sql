-- An account that a person holds: what is accepted for it waits, and no process opens its connection.
CREATE TABLE device_hold (
    device      TEXT PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
    reason      TEXT NOT NULL,
    held_by     TEXT NOT NULL,                   -- as in the security log, such as cli:root
    held_at     BIGINT NOT NULL,
    stopped_at  BIGINT NOT NULL DEFAULT 0        -- since when the process that serves the account has no connection; 0 = not yet
);

-- Endpoints made at run time. Those of the configuration have no row here; both have one in webhook_health once used.
CREATE TABLE webhook_endpoint (
    id              TEXT PRIMARY KEY,
    url             TEXT NOT NULL,
    secret          TEXT NOT NULL,               -- sealed
    previous        TEXT NOT NULL DEFAULT '',    -- sealed; the secret before the last rotation, or empty
    previous_until  BIGINT NOT NULL DEFAULT 0,
    events          TEXT NOT NULL DEFAULT '',    -- names, by comma; empty = all
    ignored         TEXT NOT NULL DEFAULT '',    -- addresses and @server wildcards, by comma
    dialect         TEXT NOT NULL,
    enabled         INTEGER NOT NULL DEFAULT 1,
    device          TEXT NOT NULL DEFAULT '',    -- only this account's events; empty = every account's
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
);

-- What deliveries taught about an endpoint. Outlives restarts, so that 120 hours of failure are 120 hours.
CREATE TABLE webhook_health (
    endpoint        TEXT PRIMARY KEY,
    failing_since   BIGINT NOT NULL DEFAULT 0,   -- first failure after the last success; 0 = none
    disabled_at     BIGINT NOT NULL DEFAULT 0,   -- by the gateway itself; 0 = not
    disabled_why    TEXT NOT NULL DEFAULT '',
    accepted_secret TEXT NOT NULL DEFAULT ''     -- fingerprint of the secret the receiver last proved to know
);

-- One row, counted up whenever an endpoint changes: how other processes notice.
CREATE TABLE webhook_change (
    id  INTEGER PRIMARY KEY,
    n   BIGINT NOT NULL
);
INSERT INTO webhook_change (id, n) VALUES (1, 0);

CREATE TABLE webhook_attempt (
    seq         ${identity},
    delivery    BIGINT NOT NULL REFERENCES delivery (seq) ON DELETE CASCADE,
    at          BIGINT NOT NULL,
    status      INTEGER NOT NULL,                -- HTTP status; 0 = no answer
    millis      BIGINT NOT NULL,
    error       TEXT NOT NULL,
    response    TEXT NOT NULL                    -- its first 4 KiB
);
CREATE INDEX webhook_attempt_of ON webhook_attempt (delivery, seq);

-- Which process holds the row in memory. A claim also moves due_at ahead, so a row whose holder died comes due by itself.
ALTER TABLE delivery ADD COLUMN claimed_by TEXT NOT NULL DEFAULT '';
CREATE INDEX delivery_claimed ON delivery (claimed_by) WHERE state = 0 AND claimed_by <> '';
CREATE INDEX delivery_dead ON delivery (endpoint, seq) WHERE state = 2;
CREATE INDEX delivery_finished ON delivery (finished_at) WHERE state <> 0;

-- The security log's checkpoints, apart from the log: one that was cut short together with the files beside it is seen here.

CREATE TABLE audit_anchor (
    log         TEXT NOT NULL,                   -- SHA-256 of its public key, 16 digits
    seq         BIGINT NOT NULL,                 -- how many lines it had
    checkpoint  TEXT NOT NULL,
    PRIMARY KEY (log, seq)
);

-- What rows are sealed with, itself wrapped by a key that is not in the database (the key-encryption key, named by kek).
CREATE TABLE data_key (
    id          TEXT PRIMARY KEY,
    kek         TEXT NOT NULL,
    wrapped     TEXT NOT NULL,
    created_at  BIGINT NOT NULL
);

-- When a password was last used that has an end: whether its clients have moved on.
ALTER TABLE account_password ADD COLUMN last_used BIGINT NOT NULL DEFAULT 0;

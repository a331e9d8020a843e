-- What a pretended send meets: one of the sandbox's own words, with the seconds that WhatsApp wants to be left alone.
ALTER TABLE sandbox_trouble ADD COLUMN fail_kind TEXT NOT NULL DEFAULT 'TRY_LATER';
ALTER TABLE sandbox_trouble ADD COLUMN fail_retry_after BIGINT NOT NULL DEFAULT 0;
UPDATE sandbox_trouble SET fail_kind = 'REJECTED' WHERE fail_passing = 0;

-- Files that the pretended WhatsApp announced and that nobody downloaded yet.
CREATE TABLE sandbox_file (
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    message     TEXT NOT NULL,
    id          TEXT NOT NULL,                   -- under which the file is kept
    mime        TEXT NOT NULL,
    name        TEXT NOT NULL,
    size        BIGINT NOT NULL,
    sha256      TEXT NOT NULL,
    PRIMARY KEY (device, message)
);

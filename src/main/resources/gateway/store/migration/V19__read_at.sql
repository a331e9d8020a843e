-- How far the account has read the chat, as the time of a message; what came in later counts as unread.
ALTER TABLE chat ADD COLUMN read_at BIGINT NOT NULL DEFAULT 0;
UPDATE chat SET read_at = last_message_at;

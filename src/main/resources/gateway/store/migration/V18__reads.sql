-- What a list needs so that its work does not grow with the chat.

-- How many of a chat's messages are the account's own; and a number that rises with each change of what the chat shows, so that
-- an unchanged page is known by its chat alone. The database itself keeps both, as it keeps the number of messages.
ALTER TABLE chat ADD COLUMN own_messages BIGINT NOT NULL DEFAULT 0;
ALTER TABLE chat ADD COLUMN changes BIGINT NOT NULL DEFAULT 0;
UPDATE chat SET own_messages = (SELECT count(*) FROM message m WHERE m.device = chat.device AND m.chat = chat.jid AND m.from_me = 1);

-- With the id at its end, the index has the order of a page: nothing is sorted, and what a page passes over is not read.
DROP INDEX message_recent;
CREATE INDEX message_recent ON message (device, chat, sent_at DESC, id);
-- With the kind at its end, the index alone counts a chat's files.
DROP INDEX message_media;
CREATE INDEX message_media ON message (device, chat, sent_at DESC, id, kind)
    WHERE kind IN ('image', 'video', 'audio', 'document', 'sticker', 'video_note');

-- Counters, and the index of words: SQLite's has the row numbers of this table message. A later migration that copies the table
-- has to empty search_text and to set search_mark to 0.
${reading}

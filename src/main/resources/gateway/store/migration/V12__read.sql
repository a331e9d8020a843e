-- How many messages are in a chat, so that nobody counts them to show a page. The database itself keeps the number: whatever
-- adds or removes a message, a chat or an account, changes it in the same transaction.
ALTER TABLE chat ADD COLUMN messages BIGINT NOT NULL DEFAULT 0;
UPDATE chat SET messages = (SELECT count(*) FROM message m WHERE m.device = chat.device AND m.chat = chat.jid);
${counting}

-- Pictures and files are few among the messages: neither a chat's nor the chats that have any are looked for among the words.
CREATE INDEX message_media ON message (device, chat, sent_at DESC)
    WHERE kind IN ('image', 'video', 'audio', 'document', 'sticker', 'video_note');

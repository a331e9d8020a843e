-- Chats that an account began lately by writing first, for the budget of new chats; rows older than a day go.
CREATE TABLE new_chat (
    device      TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    chat        TEXT NOT NULL,
    begun_at    BIGINT NOT NULL,
    PRIMARY KEY (device, chat)
);
-- Until when an account begins no chat, because WhatsApp restricts it.
CREATE TABLE new_chat_pause (
    device      TEXT PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
    until_at    BIGINT NOT NULL
);

-- Deliveries of one chat to one endpoint are posted one after another. The key is a number made from account and chat;
-- 0 = no order, as have the deliveries of before.
ALTER TABLE delivery ADD COLUMN order_key INTEGER NOT NULL DEFAULT 0;
-- When a claim ends. A claim leaves due_at alone: a row that is given back keeps its place before later rows of its chat.
ALTER TABLE delivery ADD COLUMN claimed_until BIGINT NOT NULL DEFAULT 0;
UPDATE delivery SET claimed_until = due_at, due_at = due_at - 120000 WHERE state = 0 AND claimed_by <> '';
DROP INDEX delivery_claimed;
CREATE INDEX delivery_claimed ON delivery (endpoint, claimed_until, order_key) WHERE state = 0 AND claimed_by <> '';
-- With the key, so that the rows of a chat that is held are passed over within the index.
DROP INDEX delivery_due;
CREATE INDEX delivery_due ON delivery (endpoint, due_at, seq, order_key) WHERE state = 0;

-- A row that fails again and again by what is in it is set aside, with its reason, so that the others go on. It has no
-- finished_at: nothing purges it before a person has looked.
ALTER TABLE outbox ADD COLUMN aside_at BIGINT;                           -- state 4
ALTER TABLE outbox ADD COLUMN aside_why TEXT NOT NULL DEFAULT '';
CREATE INDEX outbox_aside ON outbox (seq) WHERE state = 4;
ALTER TABLE delivery ADD COLUMN aside_at BIGINT;                         -- state 3
ALTER TABLE delivery ADD COLUMN aside_why TEXT NOT NULL DEFAULT '';
CREATE INDEX delivery_aside ON delivery (seq) WHERE state = 3;
ALTER TABLE sandbox_pending ADD COLUMN aside_at BIGINT;
ALTER TABLE sandbox_pending ADD COLUMN aside_why TEXT NOT NULL DEFAULT '';

-- Why WhatsApp will never take a message that its chat shows; empty when it was taken, or is another's.
ALTER TABLE message ADD COLUMN refused TEXT NOT NULL DEFAULT '';

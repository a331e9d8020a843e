-- A message that waits is shown from its row here, and goes into its chat's when it is finished. Both are empty in what an
-- earlier version accepted, which is in its chat already.
ALTER TABLE outbox ADD COLUMN sender TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN kind TEXT NOT NULL DEFAULT '';             -- as in message, or reaction, edit, revoke

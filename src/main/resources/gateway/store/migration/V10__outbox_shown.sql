-- A message that waits is shown from its row here, and goes into its chat's when it is finished.
ALTER TABLE outbox ADD COLUMN sender TEXT NOT NULL DEFAULT '';           -- empty: accepted by an earlier version
ALTER TABLE outbox ADD COLUMN kind TEXT NOT NULL DEFAULT '';             -- as in message; empty: not shown from here (a change), or in its chat already

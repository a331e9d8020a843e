-- A message is in its chat once it was sent; until then all that is known of it stands here.
ALTER TABLE outbox ADD COLUMN sender TEXT NOT NULL DEFAULT '';           -- empty: accepted by an earlier version, and in its chat already

-- The engine that speaks for the account. An account of an earlier version has none until the first start, which gives it the
-- process's own; from then on the account keeps it until somebody chooses another.
ALTER TABLE device ADD COLUMN engine TEXT NOT NULL DEFAULT '';

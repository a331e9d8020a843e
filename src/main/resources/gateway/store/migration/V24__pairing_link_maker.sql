-- Who made a pairing link, as user:NAME or token:ID: the link ends with that credential. Links of an earlier version end.
DELETE FROM device_pairing_link;
ALTER TABLE device_pairing_link ADD COLUMN maker TEXT NOT NULL DEFAULT '';

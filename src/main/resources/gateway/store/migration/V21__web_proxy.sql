-- The proxy by which an account's connections to WhatsApp leave, with its password, sealed.
CREATE TABLE web_proxy (
    device      TEXT PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
    sealed      TEXT NOT NULL
);

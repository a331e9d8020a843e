-- The schema the gateway's tables live in; see 1-database.sql.
--
-- Since PostgreSQL 15 nobody but the owner may create tables in the schema "public", so grants on it are not enough for a
-- program that brings its own tables up to date. The role owns one schema of its own instead, and has nothing outside it.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA whatsapp AUTHORIZATION whatsapp;
ALTER ROLE whatsapp IN DATABASE whatsapp SET search_path = whatsapp;

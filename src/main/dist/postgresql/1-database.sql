-- The database and the one role the gateway uses. PostgreSQL 15 or newer, as a superuser, in this order:
--
--     psql -f 1-database.sql postgres
--     psql -c '\password whatsapp' postgres        (asks; the password stands on no command line and in no log)
--     psql -f 2-schema.sql whatsapp
--
-- Then: DB_URI=postgresql://whatsapp:PASSWORD@HOST:5432/whatsapp?sslmode=verify-full&sslrootcert=/path/to/ca.crt

-- It may log in, and nothing else that reaches beyond its own schema.
CREATE ROLE whatsapp LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 100;
CREATE DATABASE whatsapp TEMPLATE template0 ENCODING 'UTF8';

-- By default everybody may connect to every database and make temporary tables in it.
REVOKE ALL ON DATABASE whatsapp FROM PUBLIC;
GRANT CONNECT ON DATABASE whatsapp TO whatsapp;

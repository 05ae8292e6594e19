-- Who may do what in the database; run as a superuser before each migration, any number of times.
--
--   minitwit_owner     owns the tables and changes their shape: migrations
--   minitwit           reads and writes rows: the site
--   exporter           reads PostgreSQL's own numbers: Prometheus
--   backup             reads all rows: dumps
--   grafana            is made by dashboards/grafana/reader.sql, once there are tables
--
-- A backquoted command is run by psql itself, so that a password is no argument; no statement of this session is logged.

\set ON_ERROR_STOP on
SET log_statement = none;
SET log_min_error_statement = panic;
SET password_encryption = 'scram-sha-256';

\set owner_password `cat /run/secrets/postgres_owner_password`
\set site_password `cat /run/secrets/postgres_site_password`
\set exporter_password `cat /run/secrets/postgres_exporter_password`
\set backup_password `cat /run/secrets/postgres_backup_password`

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY['minitwit_owner', 'minitwit', 'exporter', 'backup']) AS name
WHERE name NOT IN (SELECT rolname FROM pg_roles) \gexec

ALTER ROLE minitwit_owner WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'owner_password';
ALTER ROLE minitwit WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'site_password';
ALTER ROLE exporter WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 5
    PASSWORD :'exporter_password';
ALTER ROLE backup WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 4
    PASSWORD :'backup_password';
GRANT pg_monitor TO exporter;
GRANT pg_read_all_data TO backup;

SELECT 'CREATE DATABASE minitwit OWNER minitwit_owner'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'minitwit') \gexec

\connect minitwit
SET log_min_error_statement = panic;
REVOKE ALL ON DATABASE minitwit FROM PUBLIC;
GRANT CONNECT ON DATABASE minitwit TO minitwit, exporter, backup;
ALTER SCHEMA public OWNER TO minitwit_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO minitwit, backup;
-- What migrations make from now on.
ALTER DEFAULT PRIVILEGES FOR ROLE minitwit_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO minitwit;
ALTER DEFAULT PRIVILEGES FOR ROLE minitwit_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO minitwit;

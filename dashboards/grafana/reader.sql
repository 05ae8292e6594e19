-- The role with which Grafana reads, and all that it sees: numbers and public names, no hash of a password, no e-mail address,
-- no session. Run it as a superuser, in the site's database, after each `minitwit migrate`; it can be run any number of times:
--
--     psql --set=ON_ERROR_STOP=1 --file=dashboards/grafana/reader.sql minitwit
--
-- The role has no password until it gets one: `\password grafana` in psql sends it as a hash that nobody can read.

BEGIN;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'grafana') THEN
        CREATE ROLE grafana;
    END IF;
END $$;
ALTER ROLE grafana WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 8;
ALTER ROLE grafana SET search_path = reporting;
ALTER ROLE grafana SET default_transaction_read_only = on;
-- A panel costs a hundredth of it; whoever builds one that costs more is told, and the site is not kept waiting.
ALTER ROLE grafana SET statement_timeout = '5s';
ALTER ROLE grafana SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE grafana SET lock_timeout = '1s';

CREATE SCHEMA IF NOT EXISTS reporting;

CREATE OR REPLACE FUNCTION reporting.at(micros BIGINT) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN to_timestamp(micros / 1000000.0::float8);

CREATE OR REPLACE VIEW reporting.totals AS
    SELECT name, total FROM public.totals;

CREATE OR REPLACE VIEW reporting.totals_by_hour AS
    SELECT reporting.at(hour) AS hour, users, messages, flagged, followers FROM public.totals_by_hour;

CREATE OR REPLACE VIEW reporting.posts_by_hour AS
    SELECT reporting.at(hour) AS hour, messages, authors FROM public.posts_by_hour;

CREATE OR REPLACE VIEW reporting.posts_by_day AS
    SELECT reporting.at(day) AS day, messages, authors FROM public.posts_by_day;

CREATE OR REPLACE VIEW reporting.authors AS
    SELECT u.username, p.messages, reporting.at(p.last_posted_at) AS last_posted_at
    FROM public.posts_by_author p LEFT JOIN public.users u ON u.id = p.author_id;

CREATE OR REPLACE VIEW reporting.simulator AS
    SELECT latest, reporting.at(changed_at) AS changed_at FROM public.simulator;

-- What everybody may do unless it is said otherwise; the site owns its database, and needs none of it.
DO $$
BEGIN
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END $$;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA reporting TO grafana;
GRANT SELECT ON ALL TABLES IN SCHEMA reporting TO grafana;

COMMIT;

-- Lets Grafana in, with a password; run as a superuser after each migration.

\set ON_ERROR_STOP on
SET log_min_error_statement = panic;
\i /etc/minitwit/reader.sql
\set grafana_password `cat /run/secrets/grafana_postgres_password`
SET password_encryption = 'scram-sha-256';
ALTER ROLE grafana PASSWORD :'grafana_password';
SELECT format('GRANT CONNECT ON DATABASE %I TO grafana', current_database()) \gexec

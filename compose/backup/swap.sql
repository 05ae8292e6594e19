-- Gives a database another name, and its name to a new one.

ALTER DATABASE :"name" ALLOW_CONNECTIONS false;
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = :'name';
BEGIN;
ALTER DATABASE :"name" RENAME TO :"old";
ALTER DATABASE :"fresh" RENAME TO :"name";
COMMIT;
ALTER DATABASE :"old" ALLOW_CONNECTIONS true;

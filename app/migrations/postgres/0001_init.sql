-- Users, messages, who follows whom, sessions, and what the simulator said last.
-- Times are whole microseconds since 1970, UTC. Names compare byte by byte (COLLATE "C").

-- Secrets of the installation that every replica shares, such as the key of the log's hashes.
CREATE TABLE keys (
    name  TEXT PRIMARY KEY,
    value BYTEA NOT NULL
);

-- Names are looked up by a keyed hash: what somebody types as a name may be a password, and the server's own log may be told
-- to write down every statement with its parameters. Without the key nobody can test guesses against it.
CREATE TABLE users (
    id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username      TEXT COLLATE "C" NOT NULL UNIQUE,
    name_key      BYTEA NOT NULL,
    email         TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at    BIGINT NOT NULL
);
CREATE INDEX users_by_name_key ON users (name_key);

-- A hash within a hash, both begun with the key, since there is SHA-256 here and no HMAC. The program does the same for a
-- look-up; here it is done for every user, also for one who is brought in by hand.
CREATE FUNCTION key_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    new.name_key := (SELECT sha256(value || sha256(value || convert_to(new.username, 'UTF8')))
        FROM keys WHERE name = 'name_hash');
    RETURN new;
END $$;
CREATE TRIGGER key_name BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION key_name();

-- No cache of numbers per connection: they must grow in the order in which messages become visible.
CREATE TABLE messages (
    id        BIGINT GENERATED ALWAYS AS IDENTITY (CACHE 1) PRIMARY KEY,
    author_id BIGINT NOT NULL REFERENCES users (id),
    text      TEXT NOT NULL,
    posted_at BIGINT NOT NULL,
    flagged   BIGINT NOT NULL DEFAULT 0 CHECK (flagged IN (0, 1))
);
CREATE INDEX messages_shown ON messages (id) WHERE flagged = 0;
CREATE INDEX messages_flagged ON messages (id) WHERE flagged = 1;
CREATE INDEX messages_of_author_shown ON messages (author_id, id) WHERE flagged = 0;
CREATE INDEX messages_of_author_flagged ON messages (author_id, flagged, id) WHERE flagged = 1;
CREATE INDEX messages_of_author ON messages (author_id, id);

CREATE TABLE followers (
    who_id      BIGINT NOT NULL REFERENCES users (id),
    whom_id     BIGINT NOT NULL REFERENCES users (id),
    followed_at BIGINT NOT NULL,
    PRIMARY KEY (who_id, whom_id)
);

CREATE TABLE sessions (
    token_hash   BYTEA PRIMARY KEY,
    user_id      BIGINT NOT NULL REFERENCES users (id),
    created_at   BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    user_agent   TEXT NOT NULL,
    address      TEXT NOT NULL
);
CREATE INDEX sessions_of_user ON sessions (user_id, last_seen_at);
CREATE INDEX sessions_by_last_seen ON sessions (last_seen_at);

-- How often a sign-in failed lately, by account and by address (both as hashes).
CREATE TABLE sign_in_failures (
    subject     BYTEA PRIMARY KEY,
    failures    BIGINT NOT NULL,
    last_failed BIGINT NOT NULL
);
CREATE INDEX sign_in_failures_by_time ON sign_in_failures (last_failed);

CREATE TABLE simulator (
    id         BIGINT PRIMARY KEY CHECK (id = 1),
    latest     BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
) WITH (fillfactor = 20);
INSERT INTO simulator VALUES (1, -1, 0);

-- How many rows a table has, so that nobody counts them, and a version that moves with each change, so that a replica
-- can tell whether what it remembers still holds. Rows change often and in place: room for that in each block.
CREATE TABLE totals (
    name    TEXT PRIMARY KEY,
    total   BIGINT NOT NULL DEFAULT 0,
    version BIGINT NOT NULL DEFAULT 0
) WITH (fillfactor = 20);
INSERT INTO totals (name) VALUES ('users'), ('messages'), ('flagged'), ('followers'), ('sessions');

CREATE FUNCTION count_added() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE n BIGINT := (SELECT count(*) FROM added);
BEGIN
    IF n > 0 THEN
        UPDATE totals SET total = total + n, version = version + 1 WHERE name = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION count_removed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE n BIGINT := (SELECT count(*) FROM removed);
BEGIN
    IF n > 0 THEN
        UPDATE totals SET total = total - n, version = version + 1 WHERE name = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER added AFTER INSERT ON users REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION count_added();
CREATE TRIGGER removed AFTER DELETE ON users REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION count_removed();
CREATE TRIGGER added AFTER INSERT ON messages REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION count_added();
CREATE TRIGGER removed AFTER DELETE ON messages REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION count_removed();
CREATE TRIGGER added AFTER INSERT ON followers REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION count_added();
CREATE TRIGGER removed AFTER DELETE ON followers REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION count_removed();
CREATE TRIGGER added AFTER INSERT ON sessions REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION count_added();
CREATE TRIGGER removed AFTER DELETE ON sessions REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION count_removed();

-- Runs before the first row gets its number and holds until commit: whoever inserts messages takes turns, so that a
-- message with a lower number is never committed after one with a higher number, and a cursor never jumps over it.
CREATE FUNCTION take_turns() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM totals WHERE name = TG_TABLE_NAME FOR UPDATE;
    RETURN NULL;
END $$;
CREATE TRIGGER in_turn BEFORE INSERT ON messages FOR EACH STATEMENT EXECUTE FUNCTION take_turns();

CREATE FUNCTION count_flagged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE n BIGINT := CASE TG_OP WHEN 'DELETE' THEN -old.flagged ELSE new.flagged - old.flagged END;
BEGIN
    UPDATE totals SET version = version + 1 WHERE name = 'messages';
    UPDATE totals SET total = total + n, version = version + 1 WHERE name = 'flagged';
    RETURN NULL;
END $$;
CREATE TRIGGER moderated AFTER UPDATE OF flagged ON messages
    FOR EACH ROW WHEN (old.flagged <> new.flagged) EXECUTE FUNCTION count_flagged();
CREATE TRIGGER flagged_removed AFTER DELETE ON messages
    FOR EACH ROW WHEN (old.flagged = 1) EXECUTE FUNCTION count_flagged();

-- Users, messages, who follows whom, sessions, and what the simulator said last.
-- Times are whole microseconds since 1970, UTC.

CREATE TABLE users (
    id            INTEGER PRIMARY KEY,
    username      TEXT NOT NULL UNIQUE,
    email         TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;

-- AUTOINCREMENT: a number is never given twice, or a cursor could point at another message.
CREATE TABLE messages (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    author_id INTEGER NOT NULL REFERENCES users (id),
    text      TEXT NOT NULL,
    posted_at INTEGER NOT NULL,
    flagged   INTEGER NOT NULL DEFAULT 0 CHECK (flagged IN (0, 1))
) STRICT;
CREATE INDEX messages_shown ON messages (id) WHERE flagged = 0;
CREATE INDEX messages_flagged ON messages (id) WHERE flagged = 1;
CREATE INDEX messages_of_author_shown ON messages (author_id, id) WHERE flagged = 0;
CREATE INDEX messages_of_author_flagged ON messages (author_id, flagged, id) WHERE flagged = 1;
CREATE INDEX messages_of_author ON messages (author_id, id);

CREATE TABLE followers (
    who_id      INTEGER NOT NULL REFERENCES users (id),
    whom_id     INTEGER NOT NULL REFERENCES users (id),
    followed_at INTEGER NOT NULL,
    PRIMARY KEY (who_id, whom_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    token_hash   BLOB PRIMARY KEY,
    user_id      INTEGER NOT NULL REFERENCES users (id),
    created_at   INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    user_agent   TEXT NOT NULL,
    address      TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_of_user ON sessions (user_id, last_seen_at);
CREATE INDEX sessions_by_last_seen ON sessions (last_seen_at);

-- How often a sign-in failed lately, by account and by address (both as hashes).
CREATE TABLE sign_in_failures (
    subject     BLOB PRIMARY KEY,
    failures    INTEGER NOT NULL,
    last_failed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_failures_by_time ON sign_in_failures (last_failed);

CREATE TABLE simulator (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    latest     INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
INSERT INTO simulator VALUES (1, -1, 0);

-- Secrets of the installation that every replica shares, such as the key of the log's hashes.
CREATE TABLE keys (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- How many rows a table has, so that nobody counts them, and a version that moves with each change, so that a replica
-- can tell whether what it remembers still holds.
CREATE TABLE totals (
    name    TEXT PRIMARY KEY,
    total   INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO totals (name) VALUES ('users'), ('messages'), ('flagged'), ('followers'), ('sessions');

CREATE TRIGGER users_added AFTER INSERT ON users BEGIN
    UPDATE totals SET total = total + 1, version = version + 1 WHERE name = 'users';
END;
CREATE TRIGGER users_removed AFTER DELETE ON users BEGIN
    UPDATE totals SET total = total - 1, version = version + 1 WHERE name = 'users';
END;
CREATE TRIGGER messages_added AFTER INSERT ON messages BEGIN
    UPDATE totals SET total = total + 1, version = version + 1 WHERE name = 'messages';
END;
CREATE TRIGGER messages_removed AFTER DELETE ON messages BEGIN
    UPDATE totals SET total = total - 1, version = version + 1 WHERE name = 'messages';
    UPDATE totals SET total = total - old.flagged, version = version + 1 WHERE name = 'flagged';
END;
CREATE TRIGGER messages_moderated AFTER UPDATE OF flagged ON messages WHEN old.flagged <> new.flagged BEGIN
    UPDATE totals SET version = version + 1 WHERE name = 'messages';
    UPDATE totals SET total = total + new.flagged - old.flagged, version = version + 1 WHERE name = 'flagged';
END;
CREATE TRIGGER followers_added AFTER INSERT ON followers BEGIN
    UPDATE totals SET total = total + 1, version = version + 1 WHERE name = 'followers';
END;
CREATE TRIGGER followers_removed AFTER DELETE ON followers BEGIN
    UPDATE totals SET total = total - 1, version = version + 1 WHERE name = 'followers';
END;
CREATE TRIGGER sessions_added AFTER INSERT ON sessions BEGIN
    UPDATE totals SET total = total + 1, version = version + 1 WHERE name = 'sessions';
END;
CREATE TRIGGER sessions_removed AFTER DELETE ON sessions BEGIN
    UPDATE totals SET total = total - 1, version = version + 1 WHERE name = 'sessions';
END;

-- What dashboards ask of messages, counted once and not for each look: posts by hour and by day, and by author, and how much
-- there was at the end of each hour. The program says every half minute up to which message; a statement that fails changes
-- nothing, and of replicas that say so at once one is heard.
-- Times are whole microseconds since 1970, UTC, of the beginning of an hour or a day.

CREATE TABLE roll_up (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    -- The message up to which everything is counted, and when that was said.
    upto INTEGER NOT NULL,
    at   INTEGER NOT NULL
) STRICT;
INSERT INTO roll_up VALUES (1, 0, 0);

CREATE TABLE posts_by_hour (
    hour     INTEGER PRIMARY KEY,
    messages INTEGER NOT NULL,
    authors  INTEGER NOT NULL
) STRICT;

CREATE TABLE posts_by_day (
    day      INTEGER PRIMARY KEY,
    messages INTEGER NOT NULL,
    authors  INTEGER NOT NULL
) STRICT;

CREATE TABLE posts_by_author (
    author_id      INTEGER PRIMARY KEY REFERENCES users (id),
    messages       INTEGER NOT NULL,
    last_posted_at INTEGER NOT NULL
) STRICT;

CREATE TABLE totals_by_hour (
    hour      INTEGER PRIMARY KEY,
    users     INTEGER NOT NULL,
    messages  INTEGER NOT NULL,
    flagged   INTEGER NOT NULL,
    followers INTEGER NOT NULL
) STRICT;

-- An author counts for an hour or a day if they had not posted in it before: their last post says so.
CREATE TRIGGER moved AFTER UPDATE ON roll_up BEGIN
    INSERT INTO posts_by_hour (hour, messages, authors)
        SELECT m.posted_at - m.posted_at % 3600000000 AS hour, count(*),
            count(DISTINCT m.author_id) FILTER (WHERE m.posted_at - m.posted_at % 3600000000 > coalesce(
                (SELECT a.last_posted_at FROM posts_by_author a WHERE a.author_id = m.author_id), -1))
        FROM messages m
        WHERE m.id > old.upto AND m.id <= new.upto GROUP BY 1
        ON CONFLICT (hour) DO UPDATE
        SET messages = messages + excluded.messages, authors = authors + excluded.authors;
    INSERT INTO posts_by_day (day, messages, authors)
        SELECT m.posted_at - m.posted_at % 86400000000 AS day, count(*),
            count(DISTINCT m.author_id) FILTER (WHERE m.posted_at - m.posted_at % 86400000000 > coalesce(
                (SELECT a.last_posted_at FROM posts_by_author a WHERE a.author_id = m.author_id), -1))
        FROM messages m
        WHERE m.id > old.upto AND m.id <= new.upto GROUP BY 1
        ON CONFLICT (day) DO UPDATE
        SET messages = messages + excluded.messages, authors = authors + excluded.authors;
    INSERT INTO posts_by_author (author_id, messages, last_posted_at)
        SELECT author_id, count(*), max(posted_at) FROM messages
        WHERE id > old.upto AND id <= new.upto GROUP BY author_id
        ON CONFLICT (author_id) DO UPDATE SET messages = messages + excluded.messages,
            last_posted_at = max(last_posted_at, excluded.last_posted_at);
    INSERT INTO totals_by_hour (hour, users, messages, flagged, followers)
        SELECT new.at - new.at % 3600000000, sum(total) FILTER (WHERE name = 'users'),
            sum(total) FILTER (WHERE name = 'messages'), sum(total) FILTER (WHERE name = 'flagged'),
            sum(total) FILTER (WHERE name = 'followers')
        FROM totals WHERE true
        ON CONFLICT (hour) DO UPDATE SET users = excluded.users, messages = excluded.messages,
            flagged = excluded.flagged, followers = excluded.followers;
END;

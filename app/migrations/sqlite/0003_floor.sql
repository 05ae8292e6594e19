-- An older program uses a newer schema while an update goes on, and after one that was taken back. A migration that takes away
-- what older programs use sets here how many migrations a program has to know at least.
CREATE TABLE schema_floor (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    least INTEGER NOT NULL
) STRICT;
INSERT INTO schema_floor (id, least) VALUES (1, 1);

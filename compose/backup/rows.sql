-- How many rows there are.
SELECT 'followers=' || (SELECT count(*) FROM followers) || ' messages=' || (SELECT count(*) FROM messages)
    || ' users=' || (SELECT count(*) FROM users);

-- How many rows there are, as the database has counted.
SELECT string_agg(name || '=' || total, ' ' ORDER BY name) FROM totals WHERE name IN ('users', 'messages', 'followers');

-- Parts the hub's tables by shop, in an empty database or in one that has been in use for years.
--
--   PGOPTIONS='-c hub.partitions=16' psql -v ON_ERROR_STOP=1 -1 -f partitioned.sql DATABASE
--
-- The hub must be stopped. Rows stay; one that is parted already is left alone, so it may be run
-- again after an upgrade that has made tables of meaning anew. Each table whose keys all hold the
-- shop is parted; the others (tills, codes, nonces, marks) are small. Needs PostgreSQL 14 or newer.

DO $$
DECLARE
    parts integer := coalesce(nullif(current_setting('hub.partitions', true), ''), '16')::integer;
    each record;
BEGIN
    FOR each IN
        SELECT c.oid, c.relname AS name
        FROM pg_class c
        WHERE c.relnamespace = current_schema()::regnamespace
          AND c.relkind = 'r'
          AND NOT c.relispartition
          AND EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)
          AND NOT EXISTS (
              SELECT FROM pg_index i
              WHERE i.indrelid = c.oid AND i.indisunique
                AND NOT EXISTS (
                    SELECT FROM pg_attribute a
                    WHERE a.attrelid = c.oid AND a.attname = 'shop' AND a.attnum = ANY (i.indkey)))
        ORDER BY c.relname
    LOOP
        EXECUTE format('ALTER TABLE %I RENAME TO %I', each.name, 'whole ' || each.oid);
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL) PARTITION BY HASH (shop)',
                       each.name, 'whole ' || each.oid);
        FOR part IN 0 .. parts - 1 LOOP
            EXECUTE format(
                'CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS %s, REMAINDER %s)',
                each.name || ' ' || part, each.name, parts, part);
        END LOOP;
        EXECUTE format('INSERT INTO %I SELECT * FROM %I', each.name, 'whole ' || each.oid);
        EXECUTE format('DROP TABLE %I', 'whole ' || each.oid);
    END LOOP;
END
$$;

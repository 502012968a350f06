-- Spreads the hub's tables over the nodes of a Citus cluster, by shop.
--
--   psql -v ON_ERROR_STOP=1 -f distributed.sql DATABASE
--
-- Run on the coordinator, in a database where ./pos hub has made its tables and is stopped. All
-- rows of one shop lie on one node, so what a shop asks of its own tables never leaves it; the few
-- tables whose keys do not hold the shop go to every node whole. May be run again after an upgrade.

CREATE EXTENSION IF NOT EXISTS citus;

DO $$
DECLARE
    each record;
    first text;
BEGIN
    FOR each IN
        SELECT c.oid::regclass AS spread, c.relname AS name,
               NOT EXISTS (
                   SELECT FROM pg_index i
                   WHERE i.indrelid = c.oid AND i.indisunique
                     AND NOT EXISTS (
                         SELECT FROM pg_attribute a
                         WHERE a.attrelid = c.oid AND a.attname = 'shop'
                           AND a.attnum = ANY (i.indkey))) AS by_shop
        FROM pg_class c
        WHERE c.relnamespace = current_schema()::regnamespace
          AND c.relkind = 'r'
          AND EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)
          AND NOT EXISTS (SELECT FROM pg_dist_partition d WHERE d.logicalrelid = c.oid)
        ORDER BY c.relname
    LOOP
        IF NOT each.by_shop THEN
            PERFORM create_reference_table(each.spread);
        ELSIF first IS NULL THEN
            first := coalesce(
                (SELECT d.logicalrelid::text FROM pg_dist_partition d
                 WHERE d.partmethod = 'h' LIMIT 1),
                'default');
            PERFORM create_distributed_table(each.spread, 'shop', colocate_with => first);
            IF first = 'default' THEN
                first := each.spread::text;
            END IF;
        ELSE
            PERFORM create_distributed_table(each.spread, 'shop', colocate_with => first);
        END IF;
    END LOOP;
END
$$;

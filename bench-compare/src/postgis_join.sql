-- All conflicting pairs: one index over outline and time (altitude made it slower), a join with it, and the exact tests. Timed as a whole.
DROP INDEX IF EXISTS boxes;
CREATE INDEX boxes ON volumes USING gist (outline, span);
ANALYZE volumes;
COPY (
    SELECT a.number, b.number
    FROM volumes a JOIN volumes b ON a.outline && b.outline AND a.span && b.span AND a.band && b.band
    WHERE a.number < b.number AND a.operation <> b.operation AND ST_Intersects(a.outline, b.outline)
    ORDER BY 1, 2
) TO '{PAIRS}' (FORMAT csv);

-- Reads a set of W into volumes with a polygon each. Not timed: the other engines begin with volumes in memory, too.
CREATE EXTENSION postgis;
CREATE UNLOGGED TABLE words (
    number int, operation int, segment int, start_ms int, end_ms int, lower_cm int, upper_cm int,
    x0 int, y0 int, x1 int, y1 int, x2 int, y2 int, x3 int, y3 int, x4 int, y4 int, x5 int, y5 int
);
COPY words FROM '{SET}' (FORMAT csv);
CREATE UNLOGGED TABLE volumes AS
SELECT number, operation, int4range(start_ms, end_ms, '[]') AS span, int4range(lower_cm, upper_cm, '[]') AS band,
    ST_MakePolygon(ST_MakeLine(ARRAY[
        ST_MakePoint(x0, y0), ST_MakePoint(x1, y1), ST_MakePoint(x2, y2), ST_MakePoint(x3, y3),
        ST_MakePoint(x4, y4), ST_MakePoint(x5, y5), ST_MakePoint(x0, y0)])) AS outline
FROM words;
DROP TABLE words;

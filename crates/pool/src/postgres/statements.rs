//! What is said to PostgreSQL.

/// Made once, by whoever comes first. Plain tables and types, so that databases of the same protocol have them, too.
pub const TABLES: &str = "
CREATE TABLE IF NOT EXISTS deconflict_order (one INT PRIMARY KEY, last BIGINT NOT NULL, touched BIGINT NOT NULL);
INSERT INTO deconflict_order VALUES (1, 0, 0) ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS deconflict_record (name TEXT PRIMARY KEY, bytes BYTEA NOT NULL);
CREATE TABLE IF NOT EXISTS deconflict_lane (lane TEXT PRIMARY KEY, session BYTEA NOT NULL, number BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS deconflict_slot (
    place BIGINT PRIMARY KEY, lane TEXT NOT NULL, number BIGINT NOT NULL, bytes BYTEA NOT NULL, UNIQUE (lane, number));
";

/// Slots are stored one after another.
pub const LOCK: &str = "BEGIN; SELECT 1 FROM deconflict_order WHERE one = 1 FOR UPDATE";
pub const COMMIT: &str = "COMMIT";

/// $1 lane, $2 session, $3 number, $4 bytes, $5 pool, $6 new pool or null, $7 last place that is known, or null.
///
/// The row of the order is locked until the slot is durable and can be seen, so places ascend as slots become visible.
pub const APPEND: &str = "
WITH place AS (
    UPDATE deconflict_order SET last = last + 1
    WHERE one = 1 AND ($7::BIGINT IS NULL OR last = $7)
    AND EXISTS (SELECT 1 FROM deconflict_lane WHERE lane = $1 AND session = $2 AND number = $3::BIGINT - 1)
    AND EXISTS (SELECT 1 FROM deconflict_record WHERE name = 'pool' AND bytes = $5)
    RETURNING last
), pool AS (
    UPDATE deconflict_record SET bytes = COALESCE($6, bytes)
    WHERE name = 'pool' AND bytes = $5 AND EXISTS (SELECT 1 FROM place)
    RETURNING 1 AS one
), lane AS (
    UPDATE deconflict_lane SET number = $3::BIGINT
    WHERE lane = $1 AND session = $2 AND number = $3::BIGINT - 1 AND EXISTS (SELECT 1 FROM pool)
    RETURNING 1 AS one
)
INSERT INTO deconflict_slot (place, lane, number, bytes)
SELECT place.last, $1, $3::BIGINT, $4 FROM place, pool, lane";

/// A write that is synced, so that a server which is no longer the first one does not answer: its standby does not either.
pub const TOUCH: &str = "UPDATE deconflict_order SET touched = touched + 1 WHERE one = 1";

/// $1 lane.
pub const STANDING: &str = "
SELECT (SELECT session FROM deconflict_lane WHERE lane = $1), (SELECT number FROM deconflict_lane WHERE lane = $1),
    (SELECT bytes FROM deconflict_record WHERE name = 'pool')";

/// $1 place, $2 how many.
pub const BEHIND: &str = "SELECT place, lane, number, bytes FROM deconflict_slot WHERE place > $1 ORDER BY place LIMIT $2";

/// $1 lane, $2 session that takes it, $3 session that must have it, or null.
pub const TAKE: &str = "
INSERT INTO deconflict_lane (lane, session, number) VALUES ($1, $2, 0)
ON CONFLICT (lane) DO UPDATE SET session = $2
WHERE $3::BYTEA IS NULL OR deconflict_lane.session = $3 OR deconflict_lane.session = $2
RETURNING number";

/// $1 beginning of the name.
pub const LIST: &str = "SELECT name, bytes FROM deconflict_record WHERE left(name, length($1)) = $1 ORDER BY name";

/// $1 name, $2 bytes.
pub const SET_ALWAYS: &str = "INSERT INTO deconflict_record VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET bytes = $2";

/// $1 name, $2 bytes.
pub const SET_IF_NONE: &str = "INSERT INTO deconflict_record VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";

/// $1 name, $2 bytes, $3 bytes that must be there.
pub const SET_IF: &str = "UPDATE deconflict_record SET bytes = $2 WHERE name = $1 AND bytes = $3";

/// $1 place.
pub const REMOVE: &str = "DELETE FROM deconflict_slot WHERE place <= $1";

pub const LISTEN: &str = "LISTEN deconflict";
pub const NOTIFY: &str = "NOTIFY deconflict";

-- Launches and people by day and by month, of each platform and of the whole tool (docs/decisions/0343-people-are-counted-by-a-sketch.md).
-- A day is written as 20261124, a month as 202611, both of UTC. platform_id is empty for the whole tool, and 'studyreel' for
-- what comes from no platform; it outlives its platform.
CREATE TABLE usage_counts (
    tool_id     TEXT NOT NULL REFERENCES tools (id),
    platform_id TEXT COLLATE "C" NOT NULL,
    period      BIGINT NOT NULL,
    launches    BIGINT NOT NULL,
    people      BIGINT NOT NULL,
    sketch      BYTEA, -- tells people apart until the period is over
    PRIMARY KEY (tool_id, platform_id, period)
);
CREATE INDEX usage_counts_by_period ON usage_counts (tool_id, period, platform_id) WHERE platform_id <> '';
CREATE INDEX usage_counts_open ON usage_counts (period, tool_id, platform_id) WHERE sketch IS NOT NULL;
ALTER TABLE usage_counts SET (autovacuum_analyze_threshold = 1000);

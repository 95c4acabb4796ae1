-- Scores that are delivered in the background (docs/decisions/0290-a-delivery-is-a-row-beside-its-job.md). A lane is one
-- student's line item: its deliveries come one after the other. The keys are keyed hashes of what platforms call people
-- and line items.
CREATE TABLE score_lanes (
    id TEXT PRIMARY KEY NOT NULL,
    platform_id TEXT NOT NULL REFERENCES platforms (id) ON DELETE CASCADE,
    user_key TEXT NOT NULL,
    seq BIGINT NOT NULL,
    last_time BIGINT NOT NULL,
    forget_at BIGINT NOT NULL
);
CREATE INDEX score_lanes_of_platform ON score_lanes (platform_id);
CREATE INDEX score_lanes_of_user ON score_lanes (user_key);
CREATE INDEX score_lanes_by_end ON score_lanes (forget_at);

-- What was last delivered in a lane. It is no column of the lane: who notes it must not wait for who enters.
CREATE TABLE score_lasts (
    lane TEXT PRIMARY KEY NOT NULL,
    platform_id TEXT NOT NULL REFERENCES platforms (id) ON DELETE CASCADE,
    user_key TEXT NOT NULL,
    last_sealed BYTEA NOT NULL,
    forget_at BIGINT NOT NULL
);
CREATE INDEX score_lasts_of_platform ON score_lasts (platform_id);
CREATE INDEX score_lasts_of_user ON score_lasts (user_key);
CREATE INDEX score_lasts_by_end ON score_lasts (forget_at);

CREATE TABLE score_deliveries (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    tool_id TEXT NOT NULL REFERENCES tools (id) ON DELETE CASCADE,
    platform_id TEXT NOT NULL REFERENCES platforms (id) ON DELETE CASCADE,
    waiting_for TEXT COLLATE "C",
    deployment_id TEXT NOT NULL,
    context_id TEXT,
    lane TEXT NOT NULL,
    seq BIGINT NOT NULL,
    line_item_key TEXT NOT NULL,
    user_key TEXT NOT NULL,
    place_id TEXT NOT NULL,
    key_issued_at BIGINT,
    job_id TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    unsure BOOLEAN NOT NULL,
    failures BIGINT NOT NULL,
    details_sealed BYTEA NOT NULL,
    body_sealed BYTEA,
    attempts_sealed BYTEA,
    note TEXT,
    created_at BIGINT NOT NULL,
    next_attempt_at BIGINT,
    give_up_at BIGINT NOT NULL,
    held_since BIGINT,
    delivered_at BIGINT,
    ended_at BIGINT,
    superseded_by TEXT,
    deduplicated BOOLEAN NOT NULL,
    delete_at BIGINT
);
CREATE INDEX score_deliveries_of_tool ON score_deliveries (tool_id, id);
-- Without the tool: an installation has few, and so no statement has two indexes to choose from.
CREATE INDEX score_deliveries_by_state ON score_deliveries (state, id);
CREATE INDEX score_deliveries_by_reason ON score_deliveries (reason, id) WHERE reason IS NOT NULL;
CREATE INDEX score_deliveries_of_platform ON score_deliveries (platform_id, id);
CREATE INDEX score_deliveries_of_context ON score_deliveries (context_id, id) WHERE context_id IS NOT NULL;
CREATE INDEX score_deliveries_of_place ON score_deliveries (place_id, id);
CREATE INDEX score_deliveries_of_user ON score_deliveries (user_key, id);
CREATE INDEX score_deliveries_of_line_item ON score_deliveries (line_item_key, id);
CREATE INDEX score_deliveries_of_lane ON score_deliveries (lane, seq);
-- The platform once more, until the delivery ends.
CREATE INDEX score_deliveries_waiting ON score_deliveries (waiting_for, created_at) WHERE waiting_for IS NOT NULL;
-- The second condition keeps it out of every statement that doesn't ask for it.
CREATE INDEX score_deliveries_by_age ON score_deliveries (tool_id, created_at) WHERE ended_at IS NULL AND created_at > 0;
CREATE INDEX score_deliveries_by_end ON score_deliveries (delete_at) WHERE delete_at IS NOT NULL;

-- How fast each platform may be written to, and how it has answered of late.
CREATE TABLE delivery_paces (
    platform_id TEXT PRIMARY KEY NOT NULL REFERENCES platforms (id) ON DELETE CASCADE,
    paused_until BIGINT NOT NULL,
    throttled_at BIGINT NOT NULL,
    parallel BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    stalled_at BIGINT
);

-- Its own rules for deliveries of scores, as JSON.
ALTER TABLE platforms ADD COLUMN grade_rules TEXT NOT NULL DEFAULT '{}';

ALTER TABLE score_deliveries SET (autovacuum_analyze_threshold = 1000);

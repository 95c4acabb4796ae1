-- What happened, for applications that want to hear of it. A row is written in the transaction that did it; afterwards it
-- gets its place in the one order of all events, and a job for each webhook
-- (docs/decisions/0232-an-event-gets-its-place-after-its-commit.md).
CREATE TABLE events (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    tool_id TEXT NOT NULL REFERENCES tools (id) ON DELETE CASCADE,
    type TEXT NOT NULL,
    data TEXT NOT NULL,
    place BIGINT,
    created_at BIGINT NOT NULL,
    delete_at BIGINT NOT NULL
);
CREATE INDEX events_by_place ON events (tool_id, place);
CREATE INDEX events_by_type ON events (tool_id, type, place);
CREATE INDEX events_by_age ON events (tool_id, created_at, id);
CREATE INDEX events_without_place ON events (created_at, id) WHERE place IS NULL;
CREATE INDEX events_by_end ON events (delete_at);
CREATE TABLE event_log (
    id BIGINT PRIMARY KEY NOT NULL,
    last_place BIGINT NOT NULL
);
INSERT INTO event_log (id, last_place) VALUES (1, 0);

-- Addresses that are told of events.
CREATE TABLE webhooks (
    id TEXT PRIMARY KEY NOT NULL,
    tool_id TEXT NOT NULL REFERENCES tools (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    types TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    disabled_reason TEXT,
    secret_sealed BYTEA NOT NULL,
    former_sealed BYTEA,
    former_until BIGINT,
    failing_since BIGINT,
    failures BIGINT NOT NULL,
    missed_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX webhooks_of_tool ON webhooks (tool_id, created_at, id);
CREATE INDEX webhooks_disabled ON webhooks (disabled_reason) WHERE disabled_reason IS NOT NULL;

ALTER TABLE events SET (autovacuum_analyze_threshold = 1000);

-- The epoch of events' places: a restored store has another, so that no one asks for what comes after a place that was given
-- out after its backup (docs/decisions/0263-a-restored-store-has-another-epoch.md).
ALTER TABLE event_log ADD COLUMN epoch TEXT NOT NULL DEFAULT '';
UPDATE event_log SET epoch = substr(md5(random()::text || clock_timestamp()::text), 1, 16);
-- What anyone can cause is counted, so that only so many are kept.
CREATE INDEX events_refused ON events (created_at) WHERE type = 'launch.refused';

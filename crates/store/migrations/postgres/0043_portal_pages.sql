-- Causes of failures, counted by index alone: strangers can make many of them.
CREATE INDEX traces_by_cause ON traces (tool_id, outcome, id, reason, platform_id, kind);
-- The id of a registration that waits, sealed, so that the portal can approve it
-- (docs/decisions/0331-the-portal-can-approve-what-waits.md).
ALTER TABLE registrations ADD COLUMN id_sealed BYTEA;

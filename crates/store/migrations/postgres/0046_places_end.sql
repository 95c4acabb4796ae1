-- A place goes when nobody launched from it or used its keys for long; one whose keys were revoked stays, or they would be good
-- again after the next launch (docs/decisions/0251-a-place-ends-when-nobody-comes.md). Those that are there begin today.
ALTER TABLE service_places ADD COLUMN forget_at BIGINT NOT NULL DEFAULT 9223372036854775807;
UPDATE service_places
SET forget_at = GREATEST(CAST(EXTRACT(EPOCH FROM now()) * 1000 AS BIGINT), changed_at, COALESCE(last_used_at, 0)) + 34560000000
WHERE revoked_at IS NULL;
CREATE INDEX service_places_by_end ON service_places (forget_at);

-- Who gives out a service key knows how often those of its place were revoked
-- (docs/decisions/0252-revocations-are-heard-of.md).
CREATE TRIGGER service_places_revoked AFTER UPDATE OF revocations ON service_places FOR EACH ROW EXECUTE FUNCTION note_change();

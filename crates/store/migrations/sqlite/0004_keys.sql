-- When a key of ours is in use: it signs from signs_from on, until a newer one does, and is published until
-- published_until; the newest has no end.
ALTER TABLE signing_keys ADD COLUMN signs_from BIGINT NOT NULL DEFAULT 0;
ALTER TABLE signing_keys ADD COLUMN published_until BIGINT;
UPDATE signing_keys SET signs_from = COALESCE(assigned_at, created_at);

-- How our public key came to the platform: by our key set's address (url), or by hand (pasted), which no rotation can
-- follow by itself.
ALTER TABLE platforms ADD COLUMN key_delivery TEXT NOT NULL DEFAULT 'pasted';
UPDATE platforms SET key_delivery = 'url' WHERE configuration IS NOT NULL;

-- How often the service keys of a place were revoked: a key names the number it was given out after (decision 0278).
ALTER TABLE service_places ADD COLUMN revocations BIGINT NOT NULL DEFAULT 0;

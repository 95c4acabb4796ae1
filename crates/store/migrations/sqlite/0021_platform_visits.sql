-- The id in the addresses that a platform has of us: of one that registered again, the latest.
ALTER TABLE platforms ADD COLUMN addressed_as TEXT;
UPDATE platforms SET addressed_as = (SELECT MAX(alias) FROM platform_aliases WHERE platform_aliases.platform_id = platforms.id);
-- When each platform last launched, to the minute, and what it calls itself there. Apart from `platforms`, whose changes
-- make every replica look up anew.
CREATE TABLE platform_visits (
    platform_id    TEXT PRIMARY KEY NOT NULL REFERENCES platforms (id) ON DELETE CASCADE,
    last_launch_at BIGINT NOT NULL,
    own_name       TEXT
);
-- What our addresses began with at the last start: platforms that registered before a change still use the old ones.
ALTER TABLE installation ADD COLUMN public_url TEXT;

-- When a running server last looked at the date, and for how long the date has moved no further than running servers
-- explain. A new installation has no reason to doubt it; an older one is watched for a day first.
ALTER TABLE installation ADD COLUMN clock_seen_at BIGINT;
ALTER TABLE installation ADD COLUMN clock_steady_ms BIGINT NOT NULL DEFAULT 86400000;

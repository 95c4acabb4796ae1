-- When something of a roster is to be forgotten: who left long ago, or all of it if nobody takes it any more
-- (docs/decisions/0219-who-left-is-forgotten.md). Those that are there are looked at by the next clean-up.
ALTER TABLE rosters ADD COLUMN forget_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX rosters_by_end ON rosters (forget_at);

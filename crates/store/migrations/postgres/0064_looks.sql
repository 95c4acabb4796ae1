-- How often servers have found a worker's number unchanged, and at which number: one that doesn't live long goes on counting where
-- others stopped (docs/decisions/0424-servers-count-a-dead-ones-silence-together.md).
ALTER TABLE job_workers ADD COLUMN looks BIGINT NOT NULL DEFAULT 0;
ALTER TABLE job_workers ADD COLUMN looked_beat BIGINT NOT NULL DEFAULT -1;

-- Jobs that have not ended are counted by kind and by share (docs/decisions/0298-a-platform-has-a-part-of-the-queue.md).
DROP INDEX jobs_unfinished;
CREATE INDEX jobs_unfinished ON jobs (kind, share) WHERE delete_at IS NULL;

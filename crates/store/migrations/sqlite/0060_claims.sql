-- Each claim of a job has the next number, so nothing that is left over from an earlier claim is taken for the latest one's
-- (docs/decisions/0360-a-claim-has-a-number.md).
ALTER TABLE jobs ADD COLUMN claim BIGINT NOT NULL DEFAULT 0;

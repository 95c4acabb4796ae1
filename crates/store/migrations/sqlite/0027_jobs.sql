-- Work that outlives a crash: a row is written in the transaction that promises the work, and stays until it is done
-- (docs/decisions/0230-jobs-are-rows-with-an-owner.md).
CREATE TABLE jobs (
    id TEXT PRIMARY KEY NOT NULL,
    tool_id TEXT NOT NULL REFERENCES tools (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    share TEXT NOT NULL,
    subject TEXT NOT NULL,
    order_key TEXT,
    head TEXT,
    place BIGINT NOT NULL,
    tail BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    owner TEXT,
    payload_sealed BLOB,
    history_sealed BLOB,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    delete_at BIGINT
);
-- Whose turn it is, and what of theirs is due.
CREATE INDEX jobs_to_do ON jobs (kind, share, due_at, id) WHERE state = 'queued';
-- The second condition keeps it out of every statement that doesn't ask for it.
CREATE INDEX jobs_by_due ON jobs (kind, due_at) WHERE state = 'queued' AND due_at > 0;
CREATE INDEX jobs_running ON jobs (kind, share) WHERE state = 'running';
CREATE INDEX jobs_by_owner ON jobs (owner) WHERE owner IS NOT NULL;
-- Of jobs with one key, the first is the head, and the others wait behind it.
CREATE UNIQUE INDEX jobs_by_head ON jobs (head) WHERE head IS NOT NULL;
CREATE INDEX jobs_behind ON jobs (order_key, place) WHERE state = 'behind';
CREATE INDEX jobs_unfinished ON jobs (kind) WHERE delete_at IS NULL;
CREATE INDEX jobs_by_share ON jobs (kind, share, id);
CREATE INDEX jobs_by_end ON jobs (delete_at) WHERE delete_at IS NOT NULL;

-- Servers that have jobs under way. One whose number stands still is dead.
CREATE TABLE job_workers (
    id TEXT PRIMARY KEY NOT NULL,
    beat BIGINT NOT NULL
);

-- First answers to requests with an Idempotency-Key (docs/decisions/0300-a-key-has-one-answer.md). Keys and requests are
-- kept as keyed hashes, answers sealed.
CREATE TABLE first_answers (
    id TEXT PRIMARY KEY NOT NULL,
    tool_id TEXT NOT NULL REFERENCES tools (id) ON DELETE CASCADE,
    request_hash BYTEA NOT NULL,
    owner TEXT NOT NULL,
    owned_until BIGINT NOT NULL,
    answer_sealed BYTEA,
    forget_at BIGINT NOT NULL
);
CREATE INDEX first_answers_by_end ON first_answers (forget_at);

-- Requests that named an Idempotency-Key, so that the same one a second time gets the first answer (grades.md GR-4).
CREATE TABLE idempotency_keys (
    id TEXT PRIMARY KEY NOT NULL,
    tool_id TEXT NOT NULL REFERENCES tools (id) ON DELETE CASCADE,
    request_hash TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    answer_sealed BLOB,
    delete_at BIGINT NOT NULL
);
CREATE INDEX idempotency_keys_of_tool ON idempotency_keys (tool_id);
CREATE INDEX idempotency_keys_by_end ON idempotency_keys (delete_at);

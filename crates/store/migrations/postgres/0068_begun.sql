-- Changes that a request has begun, until their audit entry is written or there is nothing to write. What a crash leaves
-- here becomes an entry (docs/decisions/0488-a-change-is-stored-before-it-begins.md).
CREATE TABLE audit_begun (
    id       TEXT PRIMARY KEY NOT NULL,
    tool_id  TEXT NOT NULL REFERENCES tools (id) ON DELETE CASCADE,
    actor    TEXT NOT NULL,
    request  TEXT NOT NULL,
    subject  TEXT NOT NULL,
    begun_at BIGINT NOT NULL
);
CREATE INDEX audit_begun_by_age ON audit_begun (begun_at, id);
CREATE INDEX audit_begun_of_tool ON audit_begun (tool_id);

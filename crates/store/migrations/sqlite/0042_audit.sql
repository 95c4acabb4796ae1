-- Who changed what. Rows are only added, each chained to the one before by a keyed hash
-- (docs/decisions/0321-the-audit-is-a-chain-of-keyed-hashes.md).
CREATE TABLE audit_entries (
    id             TEXT PRIMARY KEY NOT NULL,
    tool_id        TEXT NOT NULL REFERENCES tools (id) ON DELETE CASCADE,
    number         BIGINT NOT NULL,
    actor          TEXT NOT NULL,
    action         TEXT NOT NULL,
    subject        TEXT NOT NULL,
    details_sealed BLOB NOT NULL,
    hash           BLOB NOT NULL,
    created_at     BIGINT NOT NULL,
    UNIQUE (tool_id, number)
);

-- The end of each tool's chain.
CREATE TABLE audit_heads (
    tool_id TEXT PRIMARY KEY NOT NULL REFERENCES tools (id) ON DELETE CASCADE,
    number  BIGINT NOT NULL,
    hash    BLOB NOT NULL
);

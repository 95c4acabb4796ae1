-- Line items that applications name by a handle of their own (docs/decisions/0301-a-handle-finds-one-line-item.md). The
-- id is a hash of course and handle.
CREATE TABLE line_item_handles (
    id TEXT PRIMARY KEY NOT NULL,
    tool_id TEXT NOT NULL REFERENCES tools (id) ON DELETE CASCADE,
    platform_id TEXT NOT NULL REFERENCES platforms (id) ON DELETE CASCADE,
    line_item TEXT,
    score_maximum TEXT,
    owner TEXT NOT NULL,
    owned_until BIGINT NOT NULL,
    forget_at BIGINT NOT NULL
);
CREATE INDEX line_item_handles_of_line_item ON line_item_handles (platform_id, line_item);
CREATE INDEX line_item_handles_by_end ON line_item_handles (forget_at);

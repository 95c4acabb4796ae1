-- Line items that applications have used, by hashes of their addresses
-- (docs/decisions/0280-a-known-line-item-was-used.md).
CREATE TABLE known_line_items (
    id TEXT PRIMARY KEY NOT NULL,
    platform_id TEXT NOT NULL REFERENCES platforms (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL
);
CREATE INDEX known_line_items_of_platform ON known_line_items (platform_id);

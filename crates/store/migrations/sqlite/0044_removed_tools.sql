-- When a tool was removed. Its row stays, without host name and settings, because other rows name it; what belonged to it
-- goes at once or in batches, until cleared_at (docs/decisions/0341-a-removed-tool-leaves-its-row.md).
ALTER TABLE tools ADD COLUMN removed_at BIGINT;
ALTER TABLE tools ADD COLUMN cleared_at BIGINT;

-- When a backup was last made by `hallpass backup`, the API or the portal. PostgreSQL's own tools tell nobody.
ALTER TABLE installation ADD COLUMN backed_up_at BIGINT;

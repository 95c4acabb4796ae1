-- Several API keys a tool (docs/decisions/0110-several-api-keys-a-tool.md). Keys of older versions may do everything.
ALTER TABLE api_keys ADD COLUMN name TEXT NOT NULL DEFAULT 'first key';
ALTER TABLE api_keys ADD COLUMN scope TEXT NOT NULL DEFAULT 'all';
ALTER TABLE api_keys ADD COLUMN last_used_at BIGINT;
ALTER TABLE api_keys ADD COLUMN expires_at BIGINT;

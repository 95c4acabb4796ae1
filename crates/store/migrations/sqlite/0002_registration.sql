-- Registrations under way: waiting for a click or for the tool's word, or being sent to the platform right now.
-- A row that still says 'sending' after a restart is a registration nobody knows the end of.
CREATE TABLE registrations (
    id_hash      BLOB PRIMARY KEY NOT NULL,
    tool_id      TEXT NOT NULL REFERENCES tools (id),
    issuer       TEXT NOT NULL,
    status       TEXT NOT NULL,
    offer_sealed BLOB NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL
);
CREATE INDEX registrations_by_issuer ON registrations (tool_id, issuer);
CREATE INDEX registrations_by_expiry ON registrations (expires_at);

-- Invitation links: who may register beside, or instead of, the open registration URL.
CREATE TABLE invites (
    id         TEXT PRIMARY KEY NOT NULL,
    tool_id    TEXT NOT NULL REFERENCES tools (id),
    code_hash  BLOB NOT NULL UNIQUE,
    preset     TEXT NOT NULL,
    uses_left  BIGINT,
    expires_at BIGINT,
    created_at BIGINT NOT NULL
);

-- A platform that registers again keeps its id; the addresses it was given the second time lead to it as well.
CREATE TABLE platform_aliases (
    alias       TEXT PRIMARY KEY NOT NULL,
    platform_id TEXT NOT NULL REFERENCES platforms (id) ON DELETE CASCADE
);

-- Overrides of the tool's rules for one platform.
ALTER TABLE platforms ADD COLUMN unknown_deployments TEXT;
-- The configuration as the platform wrote it when it registered.
ALTER TABLE platforms ADD COLUMN configuration TEXT;

-- When a key was reserved for a platform: one whose platform never came is removed.
ALTER TABLE signing_keys ADD COLUMN assigned_at BIGINT;

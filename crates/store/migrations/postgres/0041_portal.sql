-- People who may sign in to the portal. The table of earlier versions was for a portal that didn't exist: nobody has signed
-- in with what it holds (docs/decisions/0320-the-portals-owner-comes-by-a-one-time-address.md).
DROP TABLE people;

-- login_hash is keyed; name and address are in the sealed profile alone.
CREATE TABLE portal_users (
    id             TEXT PRIMARY KEY NOT NULL,
    tool_id        TEXT NOT NULL REFERENCES tools (id) ON DELETE CASCADE,
    login_hash     BYTEA NOT NULL,
    profile_sealed BYTEA NOT NULL,
    password_hash  TEXT NOT NULL,
    totp_sealed    BYTEA,
    totp_step      BIGINT NOT NULL, -- the last one that was used: no code is taken twice
    role           TEXT NOT NULL,
    created_at     BIGINT NOT NULL,
    seen_at        BIGINT,
    UNIQUE (tool_id, login_hash)
);
CREATE INDEX portal_users_of_tool ON portal_users (tool_id, created_at, id);

CREATE TABLE portal_sessions (
    id           TEXT PRIMARY KEY NOT NULL,
    token_hash   BYTEA NOT NULL UNIQUE,
    user_id      TEXT NOT NULL REFERENCES portal_users (id) ON DELETE CASCADE,
    agent        TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    seen_at      BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL, -- when the password was last given
    expires_at   BIGINT NOT NULL  -- idle or absolute end, whichever comes first
);
CREATE INDEX portal_sessions_of_user ON portal_sessions (user_id, created_at, id);
CREATE INDEX portal_sessions_by_end ON portal_sessions (expires_at);

-- Links that work once: the first owner's, invitations, new passwords. Only the hash of each code.
CREATE TABLE portal_links (
    id          TEXT PRIMARY KEY NOT NULL,
    tool_id     TEXT NOT NULL REFERENCES tools (id) ON DELETE CASCADE,
    code_hash   BYTEA NOT NULL UNIQUE,
    kind        TEXT NOT NULL,
    role        TEXT NOT NULL,
    mail_sealed BYTEA,
    user_id     TEXT REFERENCES portal_users (id) ON DELETE CASCADE, -- whose password it is
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL
);
CREATE INDEX portal_links_of_tool ON portal_links (tool_id, created_at, id);
CREATE INDEX portal_links_of_user ON portal_links (user_id);
CREATE INDEX portal_links_by_end ON portal_links (expires_at);

-- What waits for somebody to decide: a platform that was registered and neither activated nor stopped since, and deployments
-- that were seen and not decided on.
ALTER TABLE platforms ADD COLUMN stopped_at BIGINT;
CREATE INDEX platforms_waiting ON platforms (tool_id, created_at, id) WHERE NOT active AND stopped_at IS NULL;
-- The second condition keeps it out of every statement that doesn't ask for it.
CREATE INDEX deployments_waiting ON deployments (status, first_seen) WHERE status = 'pending' AND first_seen > 0;

-- People who sign in to the portal at their organisation's identity provider: a keyed hash of the tool, the provider, and what
-- that calls them (docs/decisions/0347-an-address-opens-no-account-that-is-there.md).
ALTER TABLE portal_users ADD COLUMN oidc_hash BLOB;
CREATE UNIQUE INDEX portal_users_by_oidc ON portal_users (oidc_hash);

-- Sign-ins there that came back: no state is taken twice.
CREATE TABLE portal_states (
    state_hash BLOB PRIMARY KEY NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX portal_states_by_end ON portal_states (expires_at);

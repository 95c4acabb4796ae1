-- Which sign-ins wait for a second step: a new password, a link to one, or the end of sessions begins another round
-- (docs/decisions/0510-a-ticket-is-for-one-browser-and-one-sign-in.md).
ALTER TABLE portal_users ADD COLUMN sign_in_round BIGINT NOT NULL DEFAULT 0;

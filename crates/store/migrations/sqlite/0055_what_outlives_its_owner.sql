-- Codes of the second step that were tried since the last right one: guessing ends, whatever servers have in memory
-- (docs/decisions/0259-guessing-is-counted-apart.md).
ALTER TABLE portal_users ADD COLUMN totp_tried BIGINT NOT NULL DEFAULT 0;

-- Who made a link that works once: it ends with them.
ALTER TABLE portal_links ADD COLUMN made_by TEXT REFERENCES portal_users (id) ON DELETE CASCADE;
CREATE INDEX portal_links_by_maker ON portal_links (made_by);

-- Whom the answer to a request with an Idempotency-Key is about, so that it goes when they do; and since when it is gone,
-- so that nothing is done a second time (docs/decisions/0258-an-answer-is-given-again-to-who-may-still-ask.md).
ALTER TABLE first_answers ADD COLUMN person_key TEXT;
ALTER TABLE first_answers ADD COLUMN platform_id TEXT REFERENCES platforms (id) ON DELETE CASCADE;
ALTER TABLE first_answers ADD COLUMN erased_at BIGINT;
CREATE INDEX first_answers_of_person ON first_answers (person_key);
CREATE INDEX first_answers_of_platform ON first_answers (platform_id);
CREATE INDEX first_answers_of_tool ON first_answers (tool_id);

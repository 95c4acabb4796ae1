-- What the tool registered with StudyReel, and attempts whose answer never came: asked_at is later than registered_at.
CREATE TABLE studyreel_registrations (
    id              TEXT PRIMARY KEY NOT NULL,
    tool_id         TEXT NOT NULL REFERENCES tools (id),
    base_url        TEXT NOT NULL,
    name            TEXT NOT NULL,
    version         TEXT NOT NULL,
    launch_url_hash BYTEA,
    remote_id       TEXT,
    deployment_id   TEXT,
    answer_sealed   BYTEA,
    asked_at        BIGINT NOT NULL,
    registered_at   BIGINT,
    UNIQUE (tool_id, base_url, name, version)
);

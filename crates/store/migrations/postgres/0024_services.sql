-- Places in platforms whose services an application may use after a launch: what service keys stand for. The newest
-- addresses win (docs/decisions/0190-service-keys-name-a-place.md).
CREATE TABLE service_places (
    id TEXT PRIMARY KEY NOT NULL,
    tool_id TEXT NOT NULL REFERENCES tools (id) ON DELETE CASCADE,
    platform_id TEXT NOT NULL REFERENCES platforms (id) ON DELETE CASCADE,
    place_sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX service_places_of_tool ON service_places (tool_id, id);
CREATE INDEX service_places_of_platform ON service_places (platform_id, id);

-- The last roster that an application took of a course: whom it held, and a hash of what was said of them.
CREATE TABLE rosters (
    id TEXT PRIMARY KEY NOT NULL,
    tool_id TEXT NOT NULL REFERENCES tools (id) ON DELETE CASCADE,
    platform_id TEXT NOT NULL REFERENCES platforms (id) ON DELETE CASCADE,
    roster_sealed BYTEA NOT NULL,
    version BIGINT NOT NULL,
    attempted_at BIGINT NOT NULL,
    succeeded_at BIGINT,
    attempts BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    error TEXT
);
CREATE INDEX rosters_of_tool ON rosters (tool_id);
CREATE INDEX rosters_of_platform ON rosters (platform_id);

-- People of a platform whose launches an operator stopped. Who they are only this installation's secret key tells.
CREATE TABLE blocked_people (
    id             TEXT PRIMARY KEY NOT NULL,
    platform_id    TEXT NOT NULL REFERENCES platforms (id) ON DELETE CASCADE,
    subject_sealed BLOB NOT NULL,
    created_at     BIGINT NOT NULL
);
CREATE INDEX blocked_people_by_platform ON blocked_people (platform_id, created_at);

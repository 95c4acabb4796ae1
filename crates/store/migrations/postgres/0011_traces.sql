-- Ids sort by time in the order of their bytes, whatever language the database was set up for.
ALTER TABLE launches ALTER COLUMN id TYPE TEXT COLLATE "C";

-- What happened to each attempt (docs/traces.md): of a launch it stands in the launch's own row, of all else here.
ALTER TABLE launches ADD COLUMN trace TEXT;

-- A row may outlive its document, for its trace: one index by whichever ends first.
DROP INDEX launches_by_deletion;
CREATE INDEX launches_by_end ON launches ((CASE WHEN document_sealed IS NULL THEN delete_at ELSE expires_at END));
-- Rows that are there for their trace alone. A launch enters it when its document is forgotten, not before.
CREATE INDEX launches_by_trace ON launches (created_at) WHERE document_sealed IS NULL AND trace IS NOT NULL;

CREATE TABLE traces (
    id             TEXT COLLATE "C" PRIMARY KEY NOT NULL, -- sorts by time, like those of launches
    correlation_id TEXT NOT NULL UNIQUE,
    tool_id        TEXT NOT NULL REFERENCES tools (id),
    kind           TEXT NOT NULL,
    outcome        TEXT NOT NULL,
    reason         TEXT,
    platform_id    TEXT,
    deployment_id  TEXT,
    signed         BOOLEAN NOT NULL, -- whether a registered platform's signature was verified: strangers can't make these
    trace          TEXT NOT NULL,
    created_at     BIGINT NOT NULL,
    delete_at      BIGINT NOT NULL
);
CREATE INDEX traces_by_deletion ON traces (delete_at);
CREATE INDEX traces_by_sort ON traces (signed, id);

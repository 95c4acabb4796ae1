-- Times are milliseconds since 1970. Columns named *_sealed hold bytes that only this installation's secret key opens.

-- One row: proof that the secret key a replica starts with is the one this database was set up with.
CREATE TABLE installation (
    id           BIGINT PRIMARY KEY NOT NULL,
    proof_sealed BLOB NOT NULL,
    created_at   BIGINT NOT NULL
);

CREATE TABLE tools (
    id         TEXT PRIMARY KEY NOT NULL,
    host       TEXT UNIQUE,
    settings   TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE api_keys (
    id         TEXT PRIMARY KEY NOT NULL,
    tool_id    TEXT NOT NULL REFERENCES tools (id),
    key_hash   BLOB NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

-- People who may sign in to the portal.
CREATE TABLE people (
    id            TEXT PRIMARY KEY NOT NULL,
    tool_id       TEXT NOT NULL REFERENCES tools (id),
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    UNIQUE (tool_id, name)
);

-- Our key pairs. Without platform_id they wait in the pool; a platform's id is reserved before its row exists,
-- since some platforms fetch the key set while they register.
CREATE TABLE signing_keys (
    kid            TEXT PRIMARY KEY NOT NULL,
    tool_id        TEXT REFERENCES tools (id),
    platform_id    TEXT,
    public_jwk     TEXT NOT NULL,
    public_pem     TEXT NOT NULL,
    private_sealed BLOB NOT NULL,
    created_at     BIGINT NOT NULL
);
CREATE INDEX signing_keys_by_platform ON signing_keys (platform_id);

CREATE TABLE platforms (
    id                     TEXT PRIMARY KEY NOT NULL,
    tool_id                TEXT NOT NULL REFERENCES tools (id),
    issuer                 TEXT NOT NULL,
    client_id              TEXT NOT NULL,
    name                   TEXT NOT NULL,
    authorization_endpoint TEXT NOT NULL,
    token_endpoint         TEXT NOT NULL,
    authorization_server   TEXT,
    key_method             TEXT NOT NULL,
    key_value              TEXT NOT NULL,
    family                 TEXT,
    version                TEXT,
    scopes                 TEXT NOT NULL,
    registration_uri       TEXT,
    registration_token_sealed BLOB,
    active                 BOOLEAN NOT NULL,
    created_at             BIGINT NOT NULL,
    updated_at             BIGINT NOT NULL,
    UNIQUE (tool_id, issuer, client_id)
);

CREATE TABLE deployments (
    platform_id   TEXT NOT NULL REFERENCES platforms (id) ON DELETE CASCADE,
    deployment_id TEXT NOT NULL,
    status        TEXT NOT NULL,
    first_seen    BIGINT NOT NULL,
    PRIMARY KEY (platform_id, deployment_id)
);

-- One row a launch. The nonce's hash is what makes a second use of the same token fail; a token whose
-- signature was good but whose claims were refused leaves a row without a document.
CREATE TABLE launches (
    id              TEXT PRIMARY KEY NOT NULL,
    tool_id         TEXT NOT NULL REFERENCES tools (id),
    dialect         TEXT NOT NULL,
    platform_id     TEXT,
    deployment_id   TEXT,
    nonce_hash      BLOB NOT NULL UNIQUE,
    document_sealed BLOB,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL, -- end of the document
    delete_at       BIGINT NOT NULL  -- end of the row: not before the token could last be sent again
);
CREATE INDEX launches_by_deletion ON launches (delete_at);

-- What a tool offers in a subject, as its owner wrote it; without any, standard paths hold.
CREATE TABLE learning_paths (
    tool_id    TEXT NOT NULL REFERENCES tools (id),
    id         TEXT NOT NULL,
    subject    TEXT NOT NULL,
    path       TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tool_id, id),
    UNIQUE (tool_id, subject)
);

-- Students of StudyReel. Who they are is in the sealed profile alone; subject_hash is keyed, so that nobody
-- can look an address up. An erased student's row stays without a profile, so that no launch brings them back.
CREATE TABLE students (
    id             TEXT PRIMARY KEY NOT NULL,
    tool_id        TEXT NOT NULL REFERENCES tools (id),
    issuer         TEXT NOT NULL,
    subject_hash   BLOB NOT NULL,
    external_id    TEXT,
    profile_sealed BLOB NOT NULL,
    status         TEXT NOT NULL,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    last_launch_at BIGINT NOT NULL,
    UNIQUE (tool_id, issuer, subject_hash),
    UNIQUE (tool_id, external_id)
);

-- Where a student stands in each subject; placements keeps how each came about.
CREATE TABLE enrolments (
    student_id TEXT NOT NULL REFERENCES students (id) ON DELETE CASCADE,
    subject    TEXT NOT NULL,
    path_id    TEXT NOT NULL,
    grade      BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (student_id, subject)
);

CREATE TABLE placements (
    id               TEXT PRIMARY KEY NOT NULL,
    student_id       TEXT NOT NULL REFERENCES students (id) ON DELETE CASCADE,
    subject          TEXT NOT NULL,
    outcome          TEXT NOT NULL, -- placed or suggested
    placement_sealed BLOB NOT NULL,
    created_at       BIGINT NOT NULL
);
CREATE INDEX placements_by_student ON placements (student_id, created_at);

-- The nonce and the jti of each StudyReel launch, so that neither is taken twice.
CREATE TABLE studyreel_seen (
    seen_hash  BLOB PRIMARY KEY NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX studyreel_seen_by_expiry ON studyreel_seen (expires_at);

CREATE TABLE login_links (
    token_hash    BLOB PRIMARY KEY NOT NULL,
    tool_id       TEXT NOT NULL REFERENCES tools (id),
    student_id    TEXT NOT NULL REFERENCES students (id) ON DELETE CASCADE,
    launch_id     TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    used_at       BIGINT,
    redeemer_hash BLOB
);
CREATE INDEX login_links_by_expiry ON login_links (expires_at);
CREATE INDEX login_links_by_student ON login_links (student_id, created_at);

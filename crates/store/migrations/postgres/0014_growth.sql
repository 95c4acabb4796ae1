-- Whatever a table holds, each statement that looks something up has an index that serves it
-- (docs/decisions/0090-plans-without-statistics.md).

-- The day of the last launch, counted from 1970: it changes once a day, so its index is seldom written.
ALTER TABLE students ADD COLUMN launch_day BIGINT NOT NULL DEFAULT 0;
UPDATE students SET launch_day = last_launch_at / 86400000;
CREATE INDEX students_by_status ON students (tool_id, status, id);
CREATE INDEX students_by_issuer ON students (issuer, id);
CREATE INDEX students_by_launch ON students (tool_id, status, launch_day, id);

ALTER TABLE enrolments ADD COLUMN tool_id TEXT NOT NULL DEFAULT '';
-- As ids of students are compared (0012): the order of their bytes.
ALTER TABLE enrolments ALTER COLUMN student_id TYPE TEXT COLLATE "C";
UPDATE enrolments SET tool_id = (SELECT tool_id FROM students WHERE students.id = enrolments.student_id);
CREATE INDEX enrolments_by_path ON enrolments (tool_id, path_id, student_id);
CREATE INDEX enrolments_by_grade ON enrolments (tool_id, path_id, grade, student_id);

-- Reserved keys whose platform has not been looked for yet, keys that are going, and keys that may have to change.
CREATE INDEX signing_keys_by_reservation ON signing_keys (assigned_at) WHERE assigned_at IS NOT NULL;
CREATE INDEX signing_keys_by_end ON signing_keys (published_until) WHERE published_until IS NOT NULL;
CREATE INDEX signing_keys_by_age ON signing_keys (tool_id, published_until, signs_from);
DROP INDEX signing_keys_by_platform;
CREATE INDEX signing_keys_by_platform ON signing_keys (platform_id, published_until);

CREATE INDEX platforms_by_age ON platforms (tool_id, created_at, id);
CREATE INDEX platforms_by_issuer ON platforms (issuer, created_at, id);
CREATE INDEX platforms_by_client ON platforms (client_id, tool_id);
CREATE INDEX platforms_by_hand ON platforms (tool_id, id) WHERE configuration IS NULL;
CREATE INDEX platforms_registered ON platforms (tool_id, created_at, id) WHERE configuration IS NOT NULL;
CREATE INDEX platforms_inactive ON platforms (tool_id) WHERE NOT active;
CREATE INDEX platform_aliases_by_platform ON platform_aliases (platform_id);
CREATE INDEX invites_by_age ON invites (tool_id, created_at, id);

-- Without statistics every plan is right; with those of a few rows, a table that has grown since may be searched by the
-- wrong index. So the server takes none before there is something to count.
ALTER TABLE platforms SET (autovacuum_analyze_threshold = 1000);
ALTER TABLE platform_aliases SET (autovacuum_analyze_threshold = 1000);
ALTER TABLE signing_keys SET (autovacuum_analyze_threshold = 1000);
ALTER TABLE deployments SET (autovacuum_analyze_threshold = 1000);
ALTER TABLE blocked_people SET (autovacuum_analyze_threshold = 1000);
ALTER TABLE invites SET (autovacuum_analyze_threshold = 1000);
ALTER TABLE registrations SET (autovacuum_analyze_threshold = 1000);
ALTER TABLE launches SET (autovacuum_analyze_threshold = 1000);
ALTER TABLE traces SET (autovacuum_analyze_threshold = 1000);
ALTER TABLE students SET (autovacuum_analyze_threshold = 1000);
ALTER TABLE enrolments SET (autovacuum_analyze_threshold = 1000);
ALTER TABLE placements SET (autovacuum_analyze_threshold = 1000);
ALTER TABLE studyreel_seen SET (autovacuum_analyze_threshold = 1000);
ALTER TABLE login_links SET (autovacuum_analyze_threshold = 1000);

-- What is sealed is neither compressible nor often more than a page: it stays in its row instead of being tried and moved.
ALTER TABLE launches SET (toast_tuple_target = 8160);
ALTER TABLE launches ALTER COLUMN document_sealed SET STORAGE EXTERNAL;
ALTER TABLE students SET (toast_tuple_target = 8160);
ALTER TABLE students ALTER COLUMN profile_sealed SET STORAGE EXTERNAL;
ALTER TABLE placements SET (toast_tuple_target = 8160);
ALTER TABLE placements ALTER COLUMN placement_sealed SET STORAGE EXTERNAL;

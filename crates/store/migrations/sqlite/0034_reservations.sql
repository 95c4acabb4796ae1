-- Handles of content that was chosen in a course (docs/decisions/0282-a-handle-is-chosen-once-in-a-course.md).
CREATE TABLE reservations (
    id TEXT PRIMARY KEY NOT NULL,
    course_id TEXT NOT NULL,
    tool_id TEXT NOT NULL REFERENCES tools (id) ON DELETE CASCADE,
    platform_id TEXT NOT NULL REFERENCES platforms (id) ON DELETE CASCADE,
    handle TEXT NOT NULL,
    answer_id TEXT NOT NULL,
    reserved_at BIGINT NOT NULL,
    reserved_until BIGINT NOT NULL,
    placed_at BIGINT,
    released_at BIGINT,
    resource_link_id TEXT,
    line_item TEXT,
    forget_at BIGINT NOT NULL
);
CREATE INDEX reservations_of_course ON reservations (course_id, id);
CREATE INDEX reservations_of_tool ON reservations (tool_id);
CREATE INDEX reservations_of_platform ON reservations (platform_id);
CREATE INDEX reservations_by_end ON reservations (forget_at);

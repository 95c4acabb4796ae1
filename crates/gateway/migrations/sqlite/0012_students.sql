-- What the platform is told as userID is one student's.
CREATE UNIQUE INDEX students_by_user_id ON students (tool_id, user_id);

-- Ids sort by time in the order of their bytes, as those of launches do: a page of students ends with the newest.
ALTER TABLE students ALTER COLUMN id TYPE TEXT COLLATE "C";

-- What the platform is told as userID is one student's.
CREATE UNIQUE INDEX students_by_user_id ON students (tool_id, user_id);

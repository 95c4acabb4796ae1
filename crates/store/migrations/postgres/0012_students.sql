-- Ids sort by time in the order of their bytes, as those of launches do: a page of students ends with the newest.
ALTER TABLE students ALTER COLUMN id TYPE TEXT COLLATE "C";

-- What the platform is told as userID is one student's. Whoever was told another's is told their own from now on.
UPDATE students SET user_id = id WHERE user_id IS NOT NULL AND EXISTS (SELECT 1 FROM students AS other
    WHERE other.tool_id = students.tool_id AND other.user_id = students.user_id AND other.id < students.id);
CREATE UNIQUE INDEX students_by_user_id ON students (tool_id, user_id);

-- The userID that the platform was told, the same for ever once it was; none where no launch was answered yet.
ALTER TABLE students ADD COLUMN user_id TEXT;
UPDATE students SET user_id = id WHERE status <> 'erased';
-- When the application answered the provisioning hook for this student.
ALTER TABLE students ADD COLUMN provisioned_at BIGINT;
-- Where the application wants this one launch to land.
ALTER TABLE login_links ADD COLUMN landing_path TEXT;

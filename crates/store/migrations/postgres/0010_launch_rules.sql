-- Rules of one platform that differ from its tool's: JSON, as the API gives and takes it.
ALTER TABLE platforms ADD COLUMN launch_rules TEXT NOT NULL DEFAULT '{}';

-- A launch whose token was good but whose browser is not yet known: it waits for the platform's window and can't be
-- read before.
ALTER TABLE launches ADD COLUMN parked BOOLEAN NOT NULL DEFAULT FALSE;

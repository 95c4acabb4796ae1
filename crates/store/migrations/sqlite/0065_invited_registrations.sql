-- Whether a registration came with an invitation: those that strangers begin take no room from it
-- (docs/decisions/0429-strangers-pages-displace-no-invited-one.md).
ALTER TABLE registrations ADD COLUMN invited BOOLEAN NOT NULL DEFAULT FALSE;

-- What is left of stopping or releasing more scores than one transaction may write: it is done for those that were accepted up
-- to a time, and for a platform one switch after the other (docs/decisions/0385-scores-are-stopped-in-pieces.md).
CREATE TABLE delivery_switches (
    platform_id TEXT NOT NULL REFERENCES platforms (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    part TEXT NOT NULL,
    part_id TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    stopped_at BIGINT,
    switched_at BIGINT NOT NULL,
    done_until BIGINT NOT NULL,
    PRIMARY KEY (platform_id, number)
);

-- The oldest score of a platform that moves is looked for every two seconds, however many are held.
CREATE INDEX score_deliveries_moving ON score_deliveries (waiting_for, created_at)
    WHERE waiting_for IS NOT NULL AND state <> 'held';

-- Who moves the number of changes holds its row until it commits. So each transaction moves it once, at its end: one that
-- changes thousands of platforms keeps no other waiting (docs/decisions/0386-changes-are-noted-at-the-end.md).
CREATE OR REPLACE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('hallpass.change_noted', TRUE) IS DISTINCT FROM 'on' THEN
        PERFORM set_config('hallpass.change_noted', 'on', TRUE);
        UPDATE changes SET number = number + 1;
    END IF;
    RETURN NULL;
END
$$;
DROP TRIGGER platforms_moved ON platforms;
CREATE CONSTRAINT TRIGGER platforms_moved AFTER INSERT OR DELETE ON platforms
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change();
DROP TRIGGER platforms_changed ON platforms;
CREATE CONSTRAINT TRIGGER platforms_changed AFTER UPDATE ON platforms
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION note_change();
DROP TRIGGER platform_aliases_moved ON platform_aliases;
CREATE CONSTRAINT TRIGGER platform_aliases_moved AFTER INSERT OR DELETE ON platform_aliases
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change();
DROP TRIGGER platform_aliases_changed ON platform_aliases;
CREATE CONSTRAINT TRIGGER platform_aliases_changed AFTER UPDATE ON platform_aliases
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION note_change();
DROP TRIGGER deployments_moved ON deployments;
CREATE CONSTRAINT TRIGGER deployments_moved AFTER INSERT OR DELETE ON deployments
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change();
DROP TRIGGER deployments_changed ON deployments;
CREATE CONSTRAINT TRIGGER deployments_changed AFTER UPDATE ON deployments
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION note_change();
DROP TRIGGER blocked_people_moved ON blocked_people;
CREATE CONSTRAINT TRIGGER blocked_people_moved AFTER INSERT OR DELETE ON blocked_people
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change();
DROP TRIGGER blocked_people_changed ON blocked_people;
CREATE CONSTRAINT TRIGGER blocked_people_changed AFTER UPDATE ON blocked_people
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION note_change();
DROP TRIGGER service_places_revoked ON service_places;
CREATE CONSTRAINT TRIGGER service_places_revoked AFTER UPDATE OF revocations ON service_places
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_change();

-- A number that moves with every change of what launches look up, whoever made it: replicas read it every second and keep
-- what they looked up until it moves (docs/decisions/0092-caches-hear-of-changes.md).
CREATE TABLE changes (
    id     BIGINT PRIMARY KEY NOT NULL,
    number BIGINT NOT NULL
);
INSERT INTO changes (id, number) VALUES (1, 0);

CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE changes SET number = number + 1;
    RETURN NULL;
END
$$;
CREATE TRIGGER platforms_moved AFTER INSERT OR DELETE ON platforms FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE TRIGGER platforms_changed AFTER UPDATE ON platforms FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION note_change();
CREATE TRIGGER platform_aliases_moved AFTER INSERT OR DELETE ON platform_aliases FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE TRIGGER platform_aliases_changed AFTER UPDATE ON platform_aliases FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION note_change();
CREATE TRIGGER deployments_moved AFTER INSERT OR DELETE ON deployments FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE TRIGGER deployments_changed AFTER UPDATE ON deployments FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION note_change();
CREATE TRIGGER blocked_people_moved AFTER INSERT OR DELETE ON blocked_people FOR EACH ROW EXECUTE FUNCTION note_change();
CREATE TRIGGER blocked_people_changed AFTER UPDATE ON blocked_people FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION note_change();

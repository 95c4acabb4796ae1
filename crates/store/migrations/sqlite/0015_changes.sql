-- A number that moves with every change of what launches look up, whoever made it: replicas read it every second and keep
-- what they looked up until it moves (docs/decisions/0092-caches-hear-of-changes.md).
CREATE TABLE changes (
    id     BIGINT PRIMARY KEY NOT NULL,
    number BIGINT NOT NULL
);
INSERT INTO changes (id, number) VALUES (1, 0);
CREATE TRIGGER platforms_added AFTER INSERT ON platforms BEGIN UPDATE changes SET number = number + 1; END;
CREATE TRIGGER platforms_changed AFTER UPDATE ON platforms BEGIN UPDATE changes SET number = number + 1; END;
CREATE TRIGGER platforms_removed AFTER DELETE ON platforms BEGIN UPDATE changes SET number = number + 1; END;
CREATE TRIGGER platform_aliases_added AFTER INSERT ON platform_aliases BEGIN UPDATE changes SET number = number + 1; END;
CREATE TRIGGER platform_aliases_changed AFTER UPDATE ON platform_aliases BEGIN UPDATE changes SET number = number + 1; END;
CREATE TRIGGER platform_aliases_removed AFTER DELETE ON platform_aliases BEGIN UPDATE changes SET number = number + 1; END;
CREATE TRIGGER deployments_added AFTER INSERT ON deployments BEGIN UPDATE changes SET number = number + 1; END;
CREATE TRIGGER deployments_changed AFTER UPDATE ON deployments BEGIN UPDATE changes SET number = number + 1; END;
CREATE TRIGGER deployments_removed AFTER DELETE ON deployments BEGIN UPDATE changes SET number = number + 1; END;
CREATE TRIGGER blocked_people_added AFTER INSERT ON blocked_people BEGIN UPDATE changes SET number = number + 1; END;
CREATE TRIGGER blocked_people_changed AFTER UPDATE ON blocked_people BEGIN UPDATE changes SET number = number + 1; END;
CREATE TRIGGER blocked_people_removed AFTER DELETE ON blocked_people BEGIN UPDATE changes SET number = number + 1; END;

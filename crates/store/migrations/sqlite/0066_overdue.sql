-- Scores whose time is over are looked for every two seconds while their platform takes none, however many wait
-- (docs/decisions/0465-a-score-without-a-turn-expires.md). Those that are held wait for a person, so they are left out.
CREATE INDEX score_deliveries_overdue ON score_deliveries (waiting_for, give_up_at)
    WHERE waiting_for IS NOT NULL AND state <> 'held';

-- Refused launches, which anyone can cause, are counted for each tool, so that one tool's take no room from another's
-- (docs/decisions/0466-each-tool-keeps-its-own-refused-launches.md).
DROP INDEX events_refused;
CREATE INDEX events_refused ON events (tool_id, delete_at) WHERE type || '' = 'launch.refused';

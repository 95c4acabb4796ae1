-- What a platform attempted, for its pages. They filter by the other columns, which are therefore
-- looked at in the index.
CREATE INDEX traces_of_platform ON traces (platform_id, id, kind, outcome) WHERE platform_id IS NOT NULL;
-- A platform's deliveries are counted by state without a look at the rows, as a tool's are.
CREATE INDEX score_deliveries_by_state_of_platform ON score_deliveries (state, tool_id, platform_id);
-- Failures in the order of their causes, so that those of a week are counted without being sorted.
CREATE INDEX traces_of_cause ON traces (tool_id, outcome, reason, platform_id, id, kind);

-- A tool's deliveries are counted by state in an index, without a look at the rows.
DROP INDEX score_deliveries_by_state;
CREATE INDEX score_deliveries_by_state ON score_deliveries (state, tool_id, id);

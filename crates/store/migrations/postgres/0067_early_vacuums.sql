-- Rows of these tables go in large numbers. Their indexes keep what is gone until a vacuum, by default until a fifth of the
-- table is dead (docs/decisions/0469-tables-with-turnover-are-vacuumed-early.md).
ALTER TABLE launches SET (autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE traces SET (autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE login_links SET (autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE studyreel_seen SET (autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE events SET (autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE jobs SET (autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE score_deliveries SET (autovacuum_vacuum_scale_factor = 0.05);

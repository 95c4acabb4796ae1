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

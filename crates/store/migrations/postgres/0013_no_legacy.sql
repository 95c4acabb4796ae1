-- `legacy.enabled` never had an effect, and unknown members of a tool's settings are refused.
UPDATE tools SET settings = (settings::jsonb - 'legacy')::text WHERE settings::jsonb ? 'legacy';

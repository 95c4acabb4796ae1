-- `legacy.enabled` never had an effect, and unknown members of a tool's settings are refused.
UPDATE tools SET settings = json_remove(settings, '$.legacy') WHERE json_type(settings, '$.legacy') IS NOT NULL;

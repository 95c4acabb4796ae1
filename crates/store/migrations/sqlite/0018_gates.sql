-- The limit per issuer is gone, and unknown members of a tool's settings are refused.
UPDATE tools SET settings = json_remove(settings, '$.limits.loginsPerIssuer')
WHERE json_type(settings, '$.limits.loginsPerIssuer') IS NOT NULL;
-- StudyReel's plain address is closed unless it is opened. `false` was the default and is in every row: it stays if StudyReel
-- has launched here, so that its launches go on.
UPDATE tools SET settings = json_remove(settings, '$.studyreel.requireCapability')
WHERE json_type(settings, '$.studyreel.requireCapability') = 'false'
  AND NOT EXISTS (SELECT 1 FROM students WHERE students.tool_id = tools.id);

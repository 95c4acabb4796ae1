-- The limit per issuer is gone, and unknown members of a tool's settings are refused.
UPDATE tools SET settings = (settings::jsonb #- '{limits,loginsPerIssuer}')::text
WHERE settings::jsonb #> '{limits,loginsPerIssuer}' IS NOT NULL;
-- StudyReel's plain address is closed unless it is opened. `false` was the default and is in every row: it stays if StudyReel
-- has launched here, so that its launches go on.
UPDATE tools SET settings = (settings::jsonb #- '{studyreel,requireCapability}')::text
WHERE settings::jsonb #> '{studyreel,requireCapability}' = 'false'::jsonb
  AND NOT EXISTS (SELECT 1 FROM students WHERE students.tool_id = tools.id);

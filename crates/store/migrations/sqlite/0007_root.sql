-- What outlives the secret key, sealed with it: service keys, the way students are found and StudyReel's launch URL are
-- derived from it. An older store gets its secret key in this place when a server starts.
ALTER TABLE installation ADD COLUMN root_sealed BLOB;

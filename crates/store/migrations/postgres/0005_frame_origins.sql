-- Origins that may show our pages in a frame beside those of the platform's own endpoints, separated by blanks.
ALTER TABLE platforms ADD COLUMN frame_origins TEXT NOT NULL DEFAULT '';

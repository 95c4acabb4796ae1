//! `POST /api/deeplinking`: what the application gives back to a platform that asked for content (lti.md E).

//! What the application may do with a launch besides reading it: hand content back to the platform, and use the platform's
//! services (ltiaas-api.md §2.3 to §2.6). It works from the launch's facts and knows no adapter.

pub(crate) mod deep_linking;

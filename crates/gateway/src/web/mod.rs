//! What every room that answers HTTP needs: problems, pages and their texts, languages, forms, limits.

pub mod client;
pub mod form;
pub mod language;
pub mod limiter;
pub mod page;
pub mod paging;
pub mod problem;
pub mod texts;

//! What every room that answers HTTP needs: problems, pages and their texts, languages, forms, limits.

pub mod client;
pub mod error_answer;
pub mod form;
pub mod json;
pub mod language;
pub mod limiter;
pub mod message;
pub mod notice;
pub mod page;
pub mod paging;
pub mod problem;
pub mod redirect;
pub mod rule;
pub mod texts;

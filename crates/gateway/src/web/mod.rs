//! Shared by all rooms that answer HTTP: problems, pages and their texts, languages, forms, limits.

pub(crate) mod api_rule;
pub(crate) mod at_once;
pub(crate) mod client;
pub(crate) mod detour;
pub(crate) mod error_answer;
pub(crate) mod form;
pub(crate) mod json;
pub(crate) mod language;
pub(crate) mod limiter;
pub(crate) mod meaning;
pub(crate) mod message;
pub(crate) mod multipart;
pub(crate) mod name_lookups;
pub(crate) mod notice;
pub(crate) mod page;
pub(crate) mod paging;
pub(crate) mod problem;
pub(crate) mod redirect;
pub(crate) mod rule;
pub(crate) mod texts;
pub(crate) mod turns;
pub(crate) mod watched;
pub(crate) mod whole_body;
pub(crate) mod wrong_member;

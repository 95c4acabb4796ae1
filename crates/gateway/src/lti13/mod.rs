//! LTI 1.3 launches: login initiation, what comes back, and the way to the application.

mod adapter;
pub mod cookies;
pub mod finish;
pub mod login;
pub mod onward;
mod refusal;
pub mod rules;
pub mod state;
pub mod storage_page;
pub mod surroundings;

pub use adapter::ADAPTER;

//! Tests of the store that look at a database itself. The PostgreSQL ones need TEST_POSTGRES_URL:
//! run them under `scripts/with-postgres`.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod audit;
mod called_off;
mod clean_up;
mod database;
mod erased;
mod first_answers;
mod indexes;
mod line_item_handles;
mod migrations;
mod places;
mod plans;
mod published;
mod quiet;
mod rolled_back;
mod sign_ins;
mod students;
mod switches;
mod together;
mod webhooks;

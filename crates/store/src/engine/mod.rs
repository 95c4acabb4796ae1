//! How statements reach either store: connections, transactions, the writer of SQLite and the batches of PostgreSQL.
//!
//! Nothing here knows a table. What is stored together is any [`Grouped`] row.

mod batches;
mod checkpoints;
mod error;
mod file;
mod grouped;
mod job;
mod limits;
mod open;
mod pool;
mod rows;
mod statement;
mod store;
mod sweep;
mod tx;
mod writer;

pub use batches::Batches;
pub use error::StoreError;
pub use file::sqlite_file;
pub use grouped::Grouped;
pub use limits::Limits;
pub(crate) use rows::{for_rows, insert_rows};
pub use statement::Statement;
pub(crate) use statement::{execute, fetch, statements};
pub use store::Store;
pub use tx::{Reader, Tx};
pub use writer::Writer;

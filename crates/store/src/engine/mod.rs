//! How statements reach either store: connections, transactions, the writer of SQLite and the
//! batches of PostgreSQL.
//!
//! Nothing here knows any table. Rows stored in groups are any type that implements [`Grouped`].

mod address;
mod batches;
mod budget;
mod checkpoints;
mod claim;
mod cure;
mod error;
mod file;
mod group;
mod grouped;
mod haste;
mod held;
mod job;
mod lease;
mod lent;
mod limits;
mod many_keys;
mod migrations;
mod open;
mod pool;
mod reader;
mod rows;
mod same_place;
mod statement;
mod store;
mod sweep;
mod tx;
mod waiter;
mod writer;

pub use address::{Address, Pooler, is_address};
pub use batches::Batches;
pub use budget::{behind_another, within_budget};
pub use error::StoreError;
pub use file::sqlite_file;
pub use grouped::Grouped;
pub use haste::Haste;
pub use held::Terms;
pub use lent::LentConnection;
pub use limits::Limits;
pub(crate) use many_keys::{KEYS, fetch_all_of, keys, padded};
pub(crate) use migrations::newest;
pub use reader::Reader;
pub(crate) use rows::{for_rows, insert_rows};
pub use statement::Statement;
pub(crate) use statement::{execute, fetch, statements};
pub use store::Store;
pub use sweep::BatchProgress;
pub use tx::Tx;
pub use writer::Writer;

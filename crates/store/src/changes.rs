//! A number that increases with every change to platforms, their deployments or the people blocked
//! there. Database triggers maintain it, so it catches every change, whichever program makes it.

use crate::engine::{StoreError, Tx, fetch, statements};

statements! {
    NUMBER = "SELECT number FROM changes WHERE id = 1";
}

/// The current number.
///
/// # Errors
/// The store failed.
pub async fn number(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    let (number,) = fetch!(one, tx, (i64,), NUMBER)?;
    Ok(number)
}

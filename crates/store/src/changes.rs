//! A number that moves with every change of platforms, their deployments and the people blocked there. Triggers of the
//! database move it, so that no change goes unnoticed, whichever program makes it.

use crate::engine::{StoreError, Tx, fetch, statements};

statements! {
    NUMBER = "SELECT number FROM changes WHERE id = 1";
}

/// The number as it is now.
///
/// # Errors
/// The store failed.
pub async fn number(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    let (number,) = fetch!(one, tx, (i64,), NUMBER)?;
    Ok(number)
}

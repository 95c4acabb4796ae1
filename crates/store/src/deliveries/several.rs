//! Looks up many keys with few statements.

use std::collections::{HashMap, HashSet};

use crate::engine::{StoreError, Tx, fetch, statements};

/// Keys per statement.
const KEYS: usize = 16;

macro_rules! keys {
    () => {
        "(VALUES ($1), ($2), ($3), ($4), ($5), ($6), ($7), ($8), ($9), ($10), ($11), ($12), ($13), ($14), ($15), ($16)) \
         AS found"
    };
}

/// Binds all keys, in order.
macro_rules! fetch_all_of {
    ($tx:expr, $row:ty, $sql:expr, $keys:expr) => {
        fetch!(
            all, $tx, $row, $sql, $keys[0], $keys[1], $keys[2], $keys[3], $keys[4], $keys[5],
            $keys[6], $keys[7], $keys[8], $keys[9], $keys[10], $keys[11], $keys[12], $keys[13],
            $keys[14], $keys[15]
        )
    };
}

statements! {
    // A subquery for each key: with a join, PostgreSQL might scan the table.
    LASTS = concat!("SELECT column1, (SELECT last_sealed FROM score_lasts WHERE lane = column1) FROM ", keys!());
    KNOWN = concat!("SELECT column1 FROM ", keys!(), " WHERE (SELECT id FROM score_deliveries \
                     WHERE line_item_key = column1 LIMIT 1) IS NOT NULL");
}

/// Up to [`KEYS`] keys, padded by repeating the last one. Returns `None` if there are none.
fn padded(keys: &[String]) -> Option<[&str; KEYS]> {
    let last = keys.last()?;
    Some(std::array::from_fn(|at| {
        keys.get(at).unwrap_or(last).as_str()
    }))
}

/// The last delivery of each of these lanes, sealed, by lane. Lanes without one are omitted.
///
/// # Errors
/// The store failed.
pub async fn lasts(
    tx: &mut Tx<'_>,
    lanes: &[String],
) -> Result<HashMap<String, Vec<u8>>, StoreError> {
    let mut found = HashMap::new();
    for part in lanes.chunks(KEYS) {
        let Some(keys) = padded(part) else {
            continue;
        };
        let rows = fetch_all_of!(tx, (String, Option<Vec<u8>>), LASTS, keys)?;
        let known = rows
            .into_iter()
            .filter_map(|(lane, sealed)| Some((lane, sealed?)));
        found.extend(known);
    }
    Ok(found)
}

/// Those of these line items, given as keyed hashes, that have a delivery.
///
/// # Errors
/// The store failed.
pub async fn known_line_items(
    tx: &mut Tx<'_>,
    line_item_keys: &[String],
) -> Result<HashSet<String>, StoreError> {
    let mut found = HashSet::new();
    for part in line_item_keys.chunks(KEYS) {
        let Some(keys) = padded(part) else {
            continue;
        };
        let rows = fetch_all_of!(tx, (String,), KNOWN, keys)?;
        found.extend(rows.into_iter().map(|(key,)| key));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_keys_are_looked_up_again_rather_than_none() {
        let keys: Vec<String> = ["a", "b"].map(str::to_owned).to_vec();
        let filled = padded(&keys);
        assert!(
            filled.is_some_and(|keys| keys[0] == "a" && keys[1..].iter().all(|key| *key == "b"))
        );
        assert!(padded(&[]).is_none());
    }
}

//! Looks up many keys with few statements.

use std::collections::{HashMap, HashSet};

use crate::engine::{KEYS, StoreError, Tx, fetch, fetch_all_of, keys, padded, statements};

statements! {
    LASTS = concat!("SELECT column1, (SELECT last_sealed FROM score_lasts WHERE lane = column1) FROM ", keys!());
    KNOWN = concat!("SELECT column1 FROM ", keys!(), " WHERE (SELECT id FROM score_deliveries \
                     WHERE line_item_key = column1 LIMIT 1) IS NOT NULL");
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

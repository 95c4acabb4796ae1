//! Looks up many keys with few statements, which have one text for both databases.

/// Keys per statement.
pub(crate) const KEYS: usize = 16;

/// The keys of a statement, as the rows `column1` of `found`. A subquery for each of them reads one
/// row; with a join, PostgreSQL might scan the table.
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

pub(crate) use {fetch_all_of, keys};

/// Up to [`KEYS`] keys, padded by repeating the last one. Returns `None` if there are none.
pub(crate) fn padded(keys: &[String]) -> Option<[&str; KEYS]> {
    let last = keys.last()?;
    Some(std::array::from_fn(|at| {
        keys.get(at).unwrap_or(last).as_str()
    }))
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

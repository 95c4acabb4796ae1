//! Several rows per statement: on SQLite each statement costs two thread switches, on PostgreSQL a
//! round trip.

/// Extends an `INSERT … VALUES (…) …` for one row to 1, 2, 3 … `most` rows.
pub(crate) fn for_rows(insert: &str, most: usize) -> Vec<String> {
    let (head, rest) = insert.split_once("VALUES (").unwrap_or((insert, ""));
    let (row, tail) = rest.split_once(')').unwrap_or((rest, ""));
    let columns = row.split(',').count();
    let values = |row: usize| {
        let first = row * columns + 1;
        let places: Vec<String> = (first..first + columns)
            .map(|at| format!("${at}"))
            .collect();
        format!("({})", places.join(", "))
    };
    let of = |rows: usize| {
        let values: Vec<String> = (0..rows).map(values).collect();
        format!("{head}VALUES {}{tail}", values.join(", "))
    };
    (1..=most).map(of).collect()
}

/// `insert_rows!(tx, STATEMENTS, rows, |row| args…)` stores all rows of a slice, as many at once as
/// [`for_rows`] made statements for. It is an error if any is not stored.
macro_rules! insert_rows {
    ($tx:expr, $statements:expr, $rows:expr, |$row:ident| $($arg:expr),+ $(,)?) => {{
        for rows in $rows.chunks($statements.len()) {
            let last = rows.len().saturating_sub(1);
            let Some(sql) = $statements.get(last) else {
                continue;
            };
            let stored = match $tx {
                $crate::engine::Tx::Sqlite(connection) => {
                    let mut query = sqlx::query(sql.as_str());
                    for $row in rows {
                        query = query$(.bind($arg))+;
                    }
                    query.execute(&mut **connection).await?.rows_affected()
                }
                $crate::engine::Tx::Postgres(connection) => {
                    let mut query = sqlx::query(sql.as_str()).persistent(connection.keeps_statements());
                    for $row in rows {
                        query = query$(.bind($arg))+;
                    }
                    let done = connection.ask().with(query.execute(&mut **connection)).await;
                    connection.answered(done)?.rows_affected()
                }
            };
            if stored != rows.len() as u64 {
                return Err($crate::engine::StoreError::RowCount(stored));
            }
        }
        Ok(())
    }};
}

pub(crate) use insert_rows;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_has_places_of_its_own() {
        let one = "INSERT INTO t (a, b) VALUES ($1, $2) ON CONFLICT (a) DO NOTHING";
        let statements = for_rows(one, 2);
        assert_eq!(
            statements,
            [
                one,
                "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4) ON CONFLICT (a) DO NOTHING"
            ]
        );
    }
}

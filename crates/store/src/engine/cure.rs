//! What to change if a pooler such as PgBouncer refuses us.

use super::address::{Address, Pooler};

/// The cure if nothing is known of the settings.
pub(super) const UNNAMED: &str = "set database_pooler to its pool_mode, \"session\" or \"transaction\"; with \
     \"transaction\", also set database_direct_url to the PostgreSQL server itself";
const WRONG_MODE: &str = "database_pooler is \"session\", but its pool_mode is another: set database_pooler to \
     \"transaction\", and database_direct_url to the PostgreSQL server itself";
const NOT_DIRECT: &str =
    "database_direct_url leads to it, too: set it to the PostgreSQL server itself";
const OPTIONS: &str = "it refuses an address with ?options=. Remove that, and set the same for the role instead, with \
     ALTER ROLE … SET";

/// A step of opening the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OpeningStep {
    /// Over the address for migrations.
    Migrating,
    /// Over the address for everything else.
    Serving,
}

/// What to change, if a pooler gave this reason for a refusal.
pub(super) fn cure(address: &Address, step: OpeningStep, reason: &str) -> &'static str {
    if reason.contains("options") {
        return OPTIONS;
    }
    if step == OpeningStep::Migrating && address.direct_url.is_some() {
        return NOT_DIRECT;
    }
    match address.pooler {
        Pooler::Session => WRONG_MODE,
        Pooler::None | Pooler::Transaction => UNNAMED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(pooler: Pooler, direct_url: Option<&str>) -> Address {
        Address {
            url: "postgres://pgbouncer/h".to_owned(),
            pooler,
            direct_url: direct_url.map(str::to_owned),
        }
    }

    #[test]
    fn the_cure_names_the_setting_that_is_wrong() {
        let float = "unsupported startup parameter: extra_float_digits";
        let options = "unsupported startup parameter in options: search_path";
        let lost = "prepared statement \"sqlx_s_1\" does not exist";
        let direct = Some("postgres://pgbouncer/h");
        for (pooler, direct, step, reason, right) in [
            (Pooler::None, None, OpeningStep::Migrating, float, UNNAMED),
            (Pooler::None, None, OpeningStep::Serving, float, UNNAMED),
            (Pooler::Session, None, OpeningStep::Migrating, lost, WRONG_MODE),
            (Pooler::Session, direct, OpeningStep::Serving, lost, WRONG_MODE),
            (Pooler::Session, direct, OpeningStep::Migrating, float, NOT_DIRECT),
            (Pooler::Transaction, direct, OpeningStep::Migrating, float, NOT_DIRECT),
            (Pooler::Transaction, direct, OpeningStep::Serving, options, OPTIONS),
        ] {
            let told = cure(&address(pooler, direct), step, reason);
            assert_eq!(told, right, "{pooler:?} {step:?} {reason}");
        }
    }
}

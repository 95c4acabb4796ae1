//! Platforms as people browse them: searched by part of their name, with their last launch and what
//! is waiting there.

use crate::engine::{StoreError, Tx, fetch, statements};

/// The columns of a list, as of the time in this parameter.
macro_rules! columns {
    ($now:literal) => {
        concat!(
            "SELECT p.id, p.name, p.issuer, p.client_id, p.family, p.version, p.active, p.stopped_at, p.created_at, \
             (SELECT v.last_launch_at FROM platform_visits v WHERE v.platform_id = p.id) AS last_launch_at, \
             (SELECT COUNT(*) FROM deployments d WHERE d.platform_id = p.id AND d.status = 'pending') AS waiting, \
             (SELECT MAX(k.signs_from) FROM signing_keys k WHERE k.platform_id = p.id AND k.signs_from <= ",
            $now,
            ") AS key_since FROM platforms p WHERE p.tool_id = $1 AND "
        )
    };
}

/// The condition for the list; `$2` is a lower-case pattern, `$3`, `$8` and `$9` are families.
macro_rules! listed {
    () => {
        concat!(
            columns!("$7"),
            "(CAST($2 AS TEXT) IS NULL OR LOWER(p.name) LIKE $2 ESCAPE '!' \
             OR LOWER(p.issuer) LIKE $2 ESCAPE '!' OR LOWER(p.client_id) LIKE $2 ESCAPE '!') \
             AND (CAST($3 AS TEXT) IS NULL OR LOWER(p.family) IN ($3, $8, $9)) AND "
        )
    };
}

statements! {
    ONE = concat!(columns!("$3"), "p.id = $2");
    ACTIVE = concat!(listed!(), "p.active AND (p.created_at, p.id) > ($4, $5) ORDER BY p.created_at, p.id LIMIT $6");
    // The sum rules out the index by age: inactive platforms are few, and have their own index.
    INACTIVE = concat!(listed!(), "NOT p.active AND (p.created_at + 0, p.id) > ($4, $5) ORDER BY p.created_at + 0, p.id LIMIT $6");
    TOTAL = "SELECT COUNT(*) FROM platforms WHERE tool_id = $1";
}

/// Which platforms to return.
#[derive(Clone, Debug, Default)]
pub struct PlatformSearch {
    /// Whether they are active.
    pub active: bool,
    /// A part of their name, issuer or client id, in any case.
    pub text: Option<String>,
    /// Product families, such as `moodle`, in lower case: up to three, or none for all.
    pub families: Vec<String>,
    /// Only those created after this one, given its creation time in milliseconds since 1970 and
    /// its id.
    pub after: Option<(i64, String)>,
    /// The most to return.
    pub limit: i64,
    /// The current time, in milliseconds since 1970. Keys that start signing later are ignored.
    pub now: i64,
}

/// A platform in a list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FoundPlatform {
    /// Our id for it.
    pub id: String,
    /// Its display name.
    pub name: String,
    /// Its issuer, as it writes it.
    pub issuer: String,
    /// The client id it assigned to us.
    pub client_id: String,
    /// Product family, such as `moodle`.
    pub family: Option<String>,
    /// The product's version.
    pub version: Option<String>,
    /// Whether its launches are accepted.
    pub active: bool,
    /// When it was switched off or refused, in milliseconds since 1970; `None` if it is active, or
    /// waits for a decision.
    pub stopped_at: Option<i64>,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Its last launch, in milliseconds since 1970, to the minute; `None` if there was none.
    pub last_launch_at: Option<i64>,
    /// Deployments waiting for an operator.
    pub waiting: i64,
    /// Since when our current key for it has been signing, in milliseconds since 1970.
    pub key_since: Option<i64>,
}

/// One platform of a tool, as in a list.
///
/// # Errors
/// The store failed.
pub async fn one(
    tx: &mut Tx<'_>,
    tool_id: &str,
    id: &str,
    now: i64,
) -> Result<Option<FoundPlatform>, StoreError> {
    fetch!(optional, tx, FoundPlatform, ONE, tool_id, id, now)
}

/// The first page of a tool's active platforms and that of the others, whichever `active` says.
///
/// # Errors
/// The store failed.
pub async fn pages_of_both(
    tx: &mut Tx<'_>,
    tool_id: &str,
    search: &PlatformSearch,
) -> Result<Vec<FoundPlatform>, StoreError> {
    let mut found = Vec::new();
    for active in [true, false] {
        let search = PlatformSearch {
            active,
            ..search.clone()
        };
        found.extend(page(tx, tool_id, &search).await?);
    }
    Ok(found)
}

/// A page of a tool's platforms, oldest first.
///
/// # Errors
/// The store failed.
pub async fn page(
    tx: &mut Tx<'_>,
    tool_id: &str,
    search: &PlatformSearch,
) -> Result<Vec<FoundPlatform>, StoreError> {
    let (at, id) = search.after.clone().unwrap_or((i64::MIN, String::new()));
    let pattern = search.text.as_deref().map(pattern);
    let family = |place: usize| search.families.get(place).map(String::as_str);
    let (family, second, third) = (family(0), family(1), family(2));
    let (limit, now) = (search.limit, search.now);
    if search.active {
        fetch!(
            all,
            tx,
            FoundPlatform,
            ACTIVE,
            tool_id,
            pattern,
            family,
            at,
            id,
            limit,
            now,
            second,
            third
        )
    } else {
        fetch!(
            all,
            tx,
            FoundPlatform,
            INACTIVE,
            tool_id,
            pattern,
            family,
            at,
            id,
            limit,
            now,
            second,
            third
        )
    }
}

/// How many platforms a tool has.
///
/// # Errors
/// The store failed.
pub async fn total(tx: &mut Tx<'_>, tool_id: &str) -> Result<i64, StoreError> {
    let (number,) = fetch!(one, tx, (i64,), TOTAL, tool_id)?;
    Ok(number)
}

/// A `LIKE` pattern that matches anything containing this text.
fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn a_pattern_takes_every_sign_as_it_is() {
        assert_eq!(pattern("North"), "%north%");
        assert_eq!(pattern("50%_!"), "%50!%!_!!%");
    }
}

//! Which entries a request wants.

use store::audit::AuditFilter;

use crate::web::paging::{PAGE_SIZE, limit, parameters, time, wrong};
use crate::web::problem::Problem;

/// A filter, and the page of its entries.
#[derive(Debug)]
pub(super) struct AuditQuery {
    pub(super) filter: AuditFilter,
    /// Number of entries on the page.
    pub(super) limit: i64,
    /// Only entries before the one with this number.
    pub(super) before: Option<i64>,
}

impl AuditQuery {
    pub(super) fn parse(query: &str) -> Result<Self, Problem> {
        let mut asked = Self {
            filter: AuditFilter::default(),
            limit: PAGE_SIZE,
            before: None,
        };
        for (name, value) in parameters(query) {
            match &*name {
                "limit" => asked.limit = limit(&value)?,
                "cursor" => {
                    let number = value.parse().ok();
                    let number = number.ok_or_else(|| wrong("cursor", "must be a nextCursor"))?;
                    asked.before = Some(number);
                }
                name => narrow(&mut asked.filter, name, value.into_owned())?,
            }
        }
        Ok(asked)
    }
}

/// A filter without a page.
pub(crate) fn filter_of(query: &str) -> Result<AuditFilter, Problem> {
    let mut filter = AuditFilter::default();
    for (name, value) in parameters(query) {
        narrow(&mut filter, &name, value.into_owned())?;
    }
    Ok(filter)
}

fn narrow(filter: &mut AuditFilter, name: &str, value: String) -> Result<(), Problem> {
    match name {
        "actor" => filter.actor = Some(value),
        "action" => filter.action = Some(value),
        "subject" => filter.subject = Some(value),
        "since" => filter.since = Some(time("since", &value)?),
        "until" => filter.until = Some(time("until", &value)?),
        other => return Err(wrong(other, "is not known here")),
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_parameter_is_refused_by_its_name() {
        for (query, named) in [
            ("limit=0", "'limit'"),
            ("cursor=first", "'cursor'"),
            ("since=yesterday", "'since'"),
            ("until=2026-11-24", "'until'"),
            ("platform=x", "'platform'"),
        ] {
            let refused = AuditQuery::parse(query).unwrap_err();
            assert!(refused.description.contains(named), "{query}: {refused:?}");
        }
        assert!(filter_of("limit=1").is_err());
        let asked = AuditQuery::parse("actor=user&cursor=12&since=1970-01-01T00:00:01Z").unwrap();
        assert_eq!((asked.before, asked.limit), (Some(12), PAGE_SIZE));
        assert_eq!(asked.filter.actor.as_deref(), Some("user"));
        assert_eq!(asked.filter.since, Some(1000));
    }
}

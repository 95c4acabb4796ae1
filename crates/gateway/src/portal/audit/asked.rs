//! The filter of the log, from the page's address or a form.

use axum::extract::RawQuery;

use crate::audit::{ActorKind, AuditAction};
use crate::portal::query::{PageQuery, address, asking};
use crate::usage::period::read_day;
use crate::web::texts::{Text, portal_log as texts};

/// The page's path.
const PATH: &str = "/portal/audit";
/// Entries per page.
const PAGE_SIZE: &str = "16";

/// The name for actors of a kind.
const fn words(kind: ActorKind) -> Text {
    match kind {
        ActorKind::User => texts::BY_USERS,
        ActorKind::ApiKey => texts::BY_KEYS,
        ActorKind::Command => texts::BY_COMMANDS,
        ActorKind::Link => texts::BY_LINKS,
        ActorKind::Provider => texts::BY_PROVIDER,
        ActorKind::Server => texts::BY_SERVER,
    }
}

/// A filter of the log. Days are in UTC, and as they were typed.
#[derive(Default)]
pub(super) struct AuditAsked {
    pub(super) actor: Option<String>,
    pub(super) action: Option<String>,
    pub(super) subject: Option<String>,
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
}

/// The field for a day.
pub(super) struct AuditDay<'a> {
    pub(super) id: &'static str,
    pub(super) label: Text,
    pub(super) text: &'a str,
    /// Whether it can't be read.
    pub(super) is_wrong: bool,
}

/// A value to filter by.
pub(super) struct AuditChoice {
    pub(super) value: &'static str,
    pub(super) name: Text,
    pub(super) is_chosen: bool,
}

fn choice((value, name): (&'static str, Text), chosen: Option<&str>) -> AuditChoice {
    AuditChoice {
        value,
        name,
        is_chosen: chosen == Some(value),
    }
}

impl AuditAsked {
    /// Reads the filter with a function that looks up the value of a name.
    pub(super) fn new(value: &dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            actor: value("actor"),
            action: value("action"),
            subject: value("subject"),
            from: value("from"),
            to: value("to"),
        }
    }

    /// The fields for days, with what was typed and whether it is no day.
    pub(super) fn days(&self) -> [AuditDay<'_>; 2] {
        let days = [
            ("from", texts::FROM, self.from.as_deref()),
            ("to", texts::TO, self.to.as_deref()),
        ];
        days.map(|(id, label, text)| AuditDay {
            id,
            label,
            text: text.unwrap_or_default(),
            is_wrong: text.is_some_and(|text| read_day(text).is_none()),
        })
    }

    /// Whether a day can't be read. Then there is nothing to ask for: without this day it would be
    /// another question.
    pub(super) fn is_unclear(&self) -> bool {
        self.days().iter().any(|day| day.is_wrong)
    }

    /// Reads the filter from the page's address.
    pub(super) fn of_query(query: &PageQuery) -> Self {
        Self::new(&|name| query.text(name))
    }

    /// The API query for the page that begins after this entry, if every day can be read.
    pub(super) fn for_page(&self, before: Option<i64>) -> RawQuery {
        let before = before.map(|number| number.to_string());
        self.for_api(&[("limit", Some(PAGE_SIZE)), ("cursor", before.as_deref())])
    }

    /// The API query for all of it.
    pub(super) fn for_file(&self) -> RawQuery {
        self.for_api(&[])
    }

    fn for_api(&self, more: &[(&str, Option<&str>)]) -> RawQuery {
        let midnight = |day: Option<String>| day.map(|day| format!("{day}T00:00:00Z"));
        let since = midnight(self.from.clone());
        // Including the last day.
        let behind = self.to.as_deref().and_then(read_day);
        let behind = behind.and_then(|day| day.tomorrow().ok());
        let until = midnight(behind.map(|day| day.to_string()));
        let mut parameters = vec![
            ("actor", self.actor.as_deref()),
            ("action", self.action.as_deref()),
            ("subject", self.subject.as_deref()),
            ("since", since.as_deref()),
            ("until", until.as_deref()),
        ];
        parameters.extend_from_slice(more);
        asking(&parameters)
    }

    /// The filter as parameters of the page's address and forms.
    pub(super) fn parts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("actor", &self.actor),
            ("action", &self.action),
            ("subject", &self.subject),
            ("from", &self.from),
            ("to", &self.to),
        ];
        let all = all.into_iter();
        all.filter_map(|(name, value)| Some((name, value.as_deref()?)))
    }

    /// The page's address with this filter, starting after this entry.
    pub(super) fn address(&self, before: Option<&str>) -> String {
        let parts = self.parts().map(|(name, value)| (name, Some(value)));
        let parameters: Vec<_> = parts.chain([("before", before)]).collect();
        address(PATH, &parameters)
    }

    /// The kinds of actors to choose from.
    pub(super) fn kinds(&self) -> Vec<AuditChoice> {
        let chosen = self.actor.as_deref();
        let all = ActorKind::ALL.into_iter();
        let all = all.map(|kind| choice((kind.as_str(), words(kind)), chosen));
        all.collect()
    }

    /// The chosen actor, unless a kind is chosen.
    pub(super) fn one_actor(&self) -> Option<&str> {
        let actor = self.actor.as_deref()?;
        let is_kind = ActorKind::ALL.iter().any(|kind| kind.as_str() == actor);
        (!is_kind).then_some(actor)
    }

    /// All actions to choose from.
    pub(super) fn actions(&self) -> Vec<AuditChoice> {
        let chosen = self.action.as_deref();
        let all = AuditAction::ALL.iter();
        let all = all.map(|action| choice((action.code(), action.words()), chosen));
        all.collect()
    }

    /// An area of actions that only a link can name: the page has no field for it.
    pub(super) fn area(&self) -> Option<&str> {
        let action = self.action.as_deref()?;
        AuditAction::named(action).is_none().then_some(action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole_and_what_is_empty_is_left_out() {
        let query = PageQuery::new(Some(
            "action=platform&from=2026-11-24&to=2026-12-31&before=7".to_owned(),
        ));
        let asked = AuditAsked::of_query(&query);
        let RawQuery(told) = asked.for_file();
        let since = "since=2026-11-24T00%3A00%3A00Z";
        let until = "until=2027-01-01T00%3A00%3A00Z";
        let expected = format!("action=platform&{since}&{until}");
        assert_eq!(told.as_deref(), Some(expected.as_str()));
        let RawQuery(page) = asked.for_page(Some(7));
        let expected = format!("{expected}&limit=16&cursor=7");
        assert_eq!(page.as_deref(), Some(expected.as_str()));
        let there = "/portal/audit?action=platform&from=2026-11-24&to=2026-12-31&before=5";
        assert_eq!(asked.address(Some("5")), there);
        assert_eq!(asked.area(), Some("platform"));

        let query = PageQuery::new(Some("actor=user".to_owned()));
        let asked = AuditAsked::of_query(&query);
        assert_eq!(asked.for_file().0.as_deref(), Some("actor=user"));
        assert_eq!((asked.one_actor(), asked.area()), (None, None));
        assert!(!asked.is_unclear());
    }

    #[test]
    fn a_day_that_is_none_is_kept_and_said() {
        for wrong in ["1.12.2027", "yesterday", "2026-02-30"] {
            let query = format!("from={wrong}&to=2026-11-24&actor=user");
            let asked = AuditAsked::of_query(&PageQuery::new(Some(query)));
            let [from, to] = asked.days();
            assert_eq!((from.text, from.is_wrong), (wrong, true));
            assert_eq!((to.text, to.is_wrong), ("2026-11-24", false));
            assert!(asked.is_unclear());
            let there = format!("/portal/audit?actor=user&from={wrong}&to=2026-11-24");
            assert_eq!(asked.address(None), there);
        }
    }
}

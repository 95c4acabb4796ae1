//! A rule that requests can break, and everything that is said about it: one row, in one place.

use axum::http::StatusCode;

use super::meaning::{Meaning, Remedy};
use super::texts::Text;

/// The advice if there is nothing better to say.
pub(crate) const LOOK_INTO_THE_LOG: &str = "Look up this reference in the log.";
/// The advice if the fault is on our side.
pub(crate) const OUR_SIDE: &str =
    "This is on our side: look at the cause, and into the log under this reference.";
/// The advice if the request didn't come from a browser.
pub(crate) const NO_BROWSER: &str = "This was no request of a platform's browser: a program or a proxy sent it in another form. Nothing to do, unless people \
     who come from a course meet it: then look at what stands between their browsers and this service.";

/// One row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    /// Stable code for the operator, in logs and traces.
    pub code: &'static str,
    /// HTTP status of the answer.
    pub status: StatusCode,
    /// The code in the answer. Differs from `code` if callers must not learn the exact rule.
    pub told: &'static str,
    /// What people read: the heading, and what happened and what to do. Programs read the latter,
    /// in English. `None` if only programs can break the rule; they read the refusal itself.
    pub page: Option<(Text, Text)>,
    /// What the operator of the tool or platform can do about it.
    pub advice: &'static str,
    /// Its meaning, for the portal. `None` if the code never appears in a trace.
    pub meaning: Option<Meaning>,
}

impl Rule {
    /// A row whose code programs may know.
    pub(crate) const fn new(
        code: &'static str,
        status: StatusCode,
        title: Text,
        says: Text,
        advice: &'static str,
    ) -> Self {
        Self {
            page: Some((title, says)),
            ..Self::for_programs(code, status, advice)
        }
    }

    /// A row without a page.
    pub(crate) const fn for_programs(
        code: &'static str,
        status: StatusCode,
        advice: &'static str,
    ) -> Self {
        Self {
            code,
            status,
            told: code,
            page: None,
            advice,
            meaning: None,
        }
    }

    /// The row with another page.
    #[must_use]
    pub(crate) const fn saying(self, title: Text, says: Text) -> Self {
        Self {
            page: Some((title, says)),
            ..self
        }
    }

    /// The row with a few words for people, and the remedy in the portal.
    #[must_use]
    pub(crate) const fn meaning(self, name: Text, remedy: Remedy) -> Self {
        self.meant(Meaning::new(name, remedy))
    }

    /// The same, with an existing meaning.
    #[must_use]
    pub(crate) const fn meant(self, meaning: Meaning) -> Self {
        Self {
            meaning: Some(meaning),
            ..self
        }
    }

    /// The row with another text for the LMS's administrator than its remedy's.
    #[must_use]
    pub(crate) const fn for_lms(self, for_lms: Text) -> Self {
        match self.meaning {
            Some(meaning) => self.meant(meaning.for_lms(for_lms)),
            None => self,
        }
    }

    /// The row with another code for programs.
    #[must_use]
    pub(crate) const fn telling(self, told: &'static str) -> Self {
        Self { told, ..self }
    }
}

/// What is said about a code in a trace.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Explanation {
    pub advice: &'static str,
    pub meaning: Meaning,
}

impl From<&Rule> for Explanation {
    fn from(rule: &Rule) -> Self {
        Self {
            advice: rule.advice,
            meaning: rule.meaning.unwrap_or(Meaning::UNKNOWN),
        }
    }
}

/// What is said about a code, if one of these rows has it.
pub(crate) fn explained_among(rules: &[Rule], code: &str) -> Option<Explanation> {
    let row = rules.iter().find(|rule| rule.code == code);
    row.map(Explanation::from)
}

/// The rows of an enum of refusals: `rule` for each of its values, and a list of all. The match
/// must be complete to compile. Anything after `else` has its rows elsewhere.
macro_rules! rules {
    (
        $refusal:ty, match self { $($pattern:pat $(if $guard:expr)? => $rule:expr),+ $(,)? }
        $(, match elsewhere { $($other:pat => $elsewhere:expr),+ $(,)? })?
    ) => {
        impl $refusal {
            /// Every row.
            pub(crate) const RULES: &'static [$crate::web::rule::Rule] = &[$($rule),+];

            /// The row for this refusal.
            pub(crate) fn rule(&self) -> $crate::web::rule::Rule {
                match self {
                    $($pattern $(if $guard)? => $rule,)+
                    $($($other => $elsewhere,)+)?
                }
            }
        }
    };
}
pub(crate) use rules;

/// Rows that no enum leads to, and a list of all, which the compiler checks. A list that is never
/// used for advice is dead code, and fails the build, too.
macro_rules! rows {
    (
        $(#[$about_all:meta])*
        $list_vis:vis const $list:ident: [$row:ty];
        $($(#[$about:meta])* $vis:vis const $name:ident = $value:expr;)+
    ) => {
        $($(#[$about])* $vis const $name: $row = $value;)+
        $(#[$about_all])*
        $list_vis const $list: &[$row] = &[$($name),+];
    };
}
pub(crate) use rows;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::texts::page as texts;

    enum Refusal {
        Closed,
        Late(u8),
        Other(&'static str),
    }

    const CLOSED: Rule = Rule::new(
        "CLOSED",
        StatusCode::FORBIDDEN,
        texts::TITLE_FAILED,
        texts::NOT_FOUND,
        "Open it.",
    )
    .meaning(texts::TITLE_FAILED, Remedy::Activate)
    .telling("NO");

    rules!(
        Refusal,
        match self {
            Self::Closed => CLOSED,
            Self::Late(hours) if *hours > 1 => Rule {
                code: "LATE",
                advice: "Be earlier.",
                ..CLOSED
            },
            Self::Late(_) => Rule {
                code: "HARDLY_LATE",
                ..CLOSED
            },
        },
        match elsewhere {
            Self::Other(code) => Rule { code, ..CLOSED },
        }
    );

    #[test]
    fn a_row_is_found_by_refusal_and_by_code() {
        assert_eq!(Refusal::Closed.rule().code, "CLOSED");
        assert_eq!(Refusal::Late(2).rule().code, "LATE");
        assert_eq!(Refusal::Late(1).rule().code, "HARDLY_LATE");
        assert_eq!(Refusal::Other("X").rule().code, "X");
        let explained = |code| explained_among(Refusal::RULES, code);
        let late = explained("LATE").map(|late| (late.advice, late.meaning.remedy));
        assert_eq!(late, Some(("Be earlier.", Remedy::Activate)));
        assert!(explained("X").is_none());
    }
}

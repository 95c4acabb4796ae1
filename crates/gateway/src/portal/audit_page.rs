//! `/portal/audit`: who changed what, and whether the log is as it was written.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use serde_json::Value;
use store::audit::AuditFilter;
use url::form_urlencoded;

use super::actions::action_name;
use super::frame::{Nav, PortalFrame};
use super::page::PortalAnswer;
use super::people::rights::OfAudit;
use super::room::Portal;
use super::signed_in::SignedIn;
use crate::audit::{AuditLine, ChainState};
use crate::web::form::field;
use crate::web::texts::{Text, portal_access as texts};

/// Entries on a page.
const MOST: usize = 30;
/// Longest value of a change that is shown, in characters.
const LONGEST: usize = 300;

#[derive(Template)]
#[template(path = "portal/audit.html")]
struct AuditPage<'a> {
    frame: &'a PortalFrame,
    lines: Vec<ShownAudit>,
    action: &'a str,
    subject: &'a str,
    is_first: bool,
    /// The address of the next page, if there may be one.
    older: Option<String>,
}

/// An entry as it stands on the page.
struct ShownAudit {
    number: i64,
    at: i64,
    actor: String,
    by: String,
    /// What was done, in words.
    name: Option<Text>,
    action: String,
    of: String,
    before: Option<String>,
    after: Option<String>,
}

impl From<AuditLine> for ShownAudit {
    fn from(line: AuditLine) -> Self {
        Self {
            number: line.number,
            at: line.at,
            actor: line.actor,
            by: line.by,
            name: action_name(&line.action),
            action: line.action,
            of: line.of.unwrap_or(line.subject),
            before: line.before.as_ref().map(value),
            after: line.after.as_ref().map(value),
        }
    }
}

/// A value as people compare it.
fn value(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= LONGEST {
        return text;
    }
    let mut cut: String = text.chars().take(LONGEST).collect();
    cut.push('…');
    cut
}

/// `GET /portal/audit`
pub(crate) async fn list(
    State(portal): State<Portal>,
    RawQuery(query): RawQuery,
    who: SignedIn<OfAudit>,
) -> PortalAnswer {
    let person = &who.person;
    let query = query.unwrap_or_default();
    let asked = |name: &str| field(query.as_bytes(), name).filter(|value| !value.is_empty());
    let (actor, action, subject) = (asked("actor"), asked("action"), asked("subject"));
    let before = asked("before").and_then(|before| before.parse::<i64>().ok());
    let filter = AuditFilter {
        actor: actor.clone(),
        action: action.clone(),
        subject: subject.clone(),
    };
    let most = i64::try_from(MOST).unwrap_or(i64::MAX) + 1;
    let mut found = portal
        .audit
        .page(&portal.db, &person.tool.id, &filter, before, most)
        .await?;
    let has_more = found.len() > MOST;
    found.truncate(MOST);
    let older = found.last().filter(|_| has_more).map(|last| {
        let mut older = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("actor", &actor),
            ("action", &action),
            ("subject", &subject),
        ] {
            if let Some(value) = value {
                older.append_pair(name, value);
            }
        }
        older.append_pair("before", &last.number.to_string());
        format!("/portal/audit?{}", older.finish())
    });
    let frame = portal.frame(person, Nav::Audit, texts::AUDIT_TITLE).await?;
    let page = AuditPage {
        frame: &frame,
        lines: found.into_iter().map(ShownAudit::from).collect(),
        action: action.as_deref().unwrap_or_default(),
        subject: subject.as_deref().unwrap_or_default(),
        is_first: before.is_none(),
        older,
    };
    portal.send(StatusCode::OK, &frame, page)
}

/// `GET /portal/audit/check`
pub(crate) async fn check(State(portal): State<Portal>, who: SignedIn<OfAudit>) -> PortalAnswer {
    let person = &who.person;
    let says = match portal.audit.verify(&portal.db, &person.tool.id).await? {
        ChainState::Whole(number) => texts::CHAIN_WHOLE.with("number", number.to_string()),
        ChainState::BrokenAt(number) => texts::CHAIN_BROKEN.with("number", number.to_string()),
    };
    portal
        .message(person, StatusCode::OK, texts::CHAIN_TITLE, [says])
        .await
}

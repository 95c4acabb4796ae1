//! `/portal/audit`: who changed what, and whether the log is intact.

use askama::Template;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;

use super::asked::{AuditAsked, AuditChoice, AuditDay};
use super::changes::{ChangedMember, changed, name_platform_members};
use crate::audit::AuditAction;
use crate::audit_log::AuditLog;
use crate::audit_log::answer::AuditEntryAnswer;
use crate::audit_log::api;
use crate::directory::api_keys::scope::Scope;
use crate::directory::auth::WithApiKey;
use crate::kit::id::is_id;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::{OfAudit, OfExports, OfUsers};
use crate::portal::query::{PageQuery, ms_of};
use crate::portal::room::Portal;
use crate::portal::short::{bytes_on_page, rows_that_fit, short_id};
use crate::portal::signed_in::SignedIn;
use crate::web::texts::{Text, portal_access as texts, portal_log as log_texts};

/// How many bytes of the page its entries may take: the choice of actions takes many.
const ENTRIES_BYTES: usize = 14_000;
/// How many an entry takes besides names and what it changed.
const ENTRY_BYTES: usize = 600;

#[derive(Template)]
#[template(path = "portal/audit.html")]
struct AuditPage<'a> {
    frame: &'a PortalFrame,
    subject: &'a str,
    /// The first and the last day; empty if that end is open.
    days: [AuditDay<'a>; 2],
    /// Whether a day can't be read, so that there is no list.
    is_unclear: bool,
    /// An area of actions that a link chose.
    area: Option<&'a str>,
    lines: Vec<ShownAudit>,
    kinds: Vec<AuditChoice>,
    /// The chosen actor and their name, if a single one is chosen.
    one_actor: Option<(&'a str, String)>,
    actions: Vec<AuditChoice>,
    may_export: bool,
    is_first: bool,
    /// The address of the first page.
    newest: String,
    /// The hidden fields of the export's form.
    narrowed: Vec<(&'static str, &'a str)>,
    /// The address of the next page, if there is one.
    older: Option<String>,
}

/// An entry on the page.
struct ShownAudit {
    /// Its number in the log, in words.
    number: String,
    at: i64,
    actor: String,
    by: String,
    /// The action in words.
    name: Option<Text>,
    action: String,
    of: String,
    /// The page about it.
    of_address: Option<String>,
    members: Vec<ChangedMember>,
    has_more: bool,
}

impl ShownAudit {
    fn new(entry: AuditEntryAnswer, frame: &PortalFrame) -> Self {
        let of_address = delivery_of(&entry);
        let of = entry.subject_name.or(entry.subject);
        let (mut members, has_more) = changed(entry.before, entry.after);
        if entry.action.starts_with("platform.") {
            name_platform_members(&mut members);
        }
        Self {
            number: frame.phrase(log_texts::ENTRY.with("number", entry.number.to_string())),
            at: ms_of(&entry.at),
            actor: format!("{}:{}", entry.actor.kind, entry.actor.id),
            by: short_id(&entry.actor.name),
            name: AuditAction::named(&entry.action).map(AuditAction::words),
            action: entry.action,
            of: short_id(&of.unwrap_or_default()),
            of_address,
            members,
            has_more,
        }
    }

    /// How many bytes of the page it takes.
    fn bytes(&self) -> usize {
        let address = self.of_address.as_deref().map_or(0, str::len);
        let names = bytes_on_page(&self.by) + bytes_on_page(&self.of);
        let members: usize = self.members.iter().map(ChangedMember::bytes).sum();
        ENTRY_BYTES + address + names + members
    }
}

/// The entries that the page has room for, and where the next page begins: there, if some are left,
/// or else at `older`.
fn fitting(
    entries: Vec<AuditEntryAnswer>,
    older: Option<String>,
    frame: &PortalFrame,
) -> (Vec<ShownAudit>, Option<String>) {
    let numbers: Vec<i64> = entries.iter().map(|entry| entry.number).collect();
    let lines = entries.into_iter();
    let mut lines: Vec<ShownAudit> = lines.map(|entry| ShownAudit::new(entry, frame)).collect();
    let bytes = lines.iter().map(ShownAudit::bytes).collect();
    let [shown] = rows_that_fit(&[bytes], ENTRIES_BYTES);
    let last = shown.checked_sub(1).and_then(|last| numbers.get(last));
    let last = last.filter(|_| shown < lines.len());
    let older = last.map(ToString::to_string).or(older);
    lines.truncate(shown);
    (lines, older)
}

/// The page of the delivery that an entry is about.
fn delivery_of(entry: &AuditEntryAnswer) -> Option<String> {
    let actions = [
        AuditAction::DeliveryRetried,
        AuditAction::DeliveryCancelled,
        AuditAction::DeliveriesRepaired,
    ];
    let is_of_one = actions.iter().any(|action| action.code() == entry.action);
    let id = entry.subject.as_ref().filter(|id| is_of_one && is_id(id))?;
    Some(format!("/portal/deliveries/{id}"))
}

impl Portal {
    /// The audit as the API reads it.
    pub(crate) fn audit_log(&self) -> AuditLog {
        AuditLog {
            db: self.db.clone(),
            audit: self.audit.clone(),
        }
    }
}

/// `GET /portal/audit`
pub(crate) async fn list(
    State(portal): State<Portal>,
    RawQuery(query): RawQuery,
    who: SignedIn<OfAudit>,
) -> PortalAnswer {
    let person = &who.person;
    let query = PageQuery::new(query);
    let asked = AuditAsked::of_query(&query);
    let before = query.text("before");
    let before = before.and_then(|before| before.parse::<i64>().ok());
    let is_unclear = asked.is_unclear();
    let (entries, older) = if is_unclear {
        (Vec::new(), None)
    } else {
        let mut key = WithApiKey::granted(&person.tool);
        if !person.may_read::<OfUsers>() {
            // For such a key, too, users are left out.
            key.scope = Scope::Read;
        }
        let room = State(portal.audit_log());
        let Json(list) = api::list(room, key, asked.for_page(before)).await?;
        (list.entries, list.next_cursor)
    };
    let one_actor = asked.one_actor().map(|actor| {
        let known = entries.first();
        let name = known.map(|entry| entry.actor.name.clone());
        (actor, name.unwrap_or_else(|| actor.to_owned()))
    });
    let frame = portal.frame(person, Nav::Audit, texts::AUDIT_TITLE).await?;
    let (lines, older) = fitting(entries, older, &frame);
    let older = older.as_deref();
    let page = AuditPage {
        kinds: asked.kinds(),
        actions: asked.actions(),
        older: older.map(|older| asked.address(Some(older))),
        lines,
        may_export: !is_unclear && person.may_change::<OfExports>(),
        is_first: before.is_none(),
        newest: asked.address(None),
        narrowed: asked.parts().collect(),
        subject: asked.subject.as_deref().unwrap_or_default(),
        days: asked.days(),
        is_unclear,
        area: asked.area(),
        frame: &frame,
        one_actor,
    };
    let status = match is_unclear {
        true => StatusCode::BAD_REQUEST,
        false => StatusCode::OK,
    };
    portal.send(status, &frame, page)
}

/// `GET /portal/audit/check`
pub(crate) async fn check(State(portal): State<Portal>, who: SignedIn<OfAudit>) -> PortalAnswer {
    let person = &who.person;
    let (room, key) = (portal.audit_log(), WithApiKey::granted(&person.tool));
    let Json(chain) = api::check(State(room), key).await?;
    let number = |number: Option<i64>| number.unwrap_or_default().to_string();
    let says = if chain.whole {
        texts::CHAIN_WHOLE.with("number", number(chain.entries))
    } else {
        texts::CHAIN_BROKEN.with("number", number(chain.broken_at))
    };
    let (title, back) = (texts::CHAIN_TITLE, ("/portal/audit", log_texts::BACK));
    portal
        .message_back_to(person, StatusCode::OK, title, [says], back)
        .await
}

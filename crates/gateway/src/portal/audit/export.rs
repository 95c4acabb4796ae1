//! `POST /portal/audit/export`: the entries that match the filter, as a CSV file.

use std::io;

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use serde_json::{Map, Value};

use super::asked::AuditAsked;
use crate::audit::{AuditAction, AuditLine};
use crate::audit_log::answer::AuditEntryAnswer;
use crate::audit_log::pages::{AuditFileShape, AuditPages};
use crate::audit_log::query::filter_of;
use crate::portal::csv::cell;
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::{OfExports, OfUsers};
use crate::portal::room::Portal;
use crate::portal::signed_in::PortalForm;
use crate::web::redirect::see_other_here;

/// A row per entry, newest first.
const CSV: AuditFileShape = AuditFileShape {
    head: "number,at,actor_kind,actor,actor_name,action,subject,subject_name,before,after,chain\r\n",
    entry: write_row,
    between: "",
    tail: "",
};

fn write_row(line: AuditLine, out: &mut Vec<u8>) -> io::Result<()> {
    let entry = AuditEntryAnswer::from(line);
    let text = |value: Option<String>| cell(&value.unwrap_or_default());
    let json = |value: Option<Value>| text(value.map(|value| value.to_string()));
    let cells = [
        entry.number.to_string(),
        entry.at,
        cell(&entry.actor.kind),
        cell(&entry.actor.id),
        cell(&entry.actor.name),
        cell(&entry.action),
        text(entry.subject),
        text(entry.subject_name),
        json(entry.before),
        json(entry.after),
        cell(&entry.chain),
    ];
    out.extend_from_slice(cells.join(",").as_bytes());
    out.extend_from_slice(b"\r\n");
    Ok(())
}

/// The file. It contains the names of the people who work here, so the password is required.
pub(crate) async fn export(
    State(portal): State<Portal>,
    form: PortalForm<OfExports>,
) -> PortalAnswer {
    let text = |name: &str| form.field(name).filter(|value| !value.is_empty());
    let asked = AuditAsked::new(&text);
    if asked.is_unclear() {
        // Its page says which day.
        return Ok(see_other_here(&asked.address(None))?);
    }
    form.confirmed(&portal, &asked.address(None))?;
    let person = &form.person;
    let query = asked.for_file();
    let filter = filter_of(&query.0.unwrap_or_default())?;
    let entry = person.entry(AuditAction::AuditExported, &person.tool.id);
    let narrowed = asked.parts();
    let narrowed = narrowed.map(|(name, value)| (name.to_owned(), Value::from(value)));
    let narrowed: Map<String, Value> = narrowed.collect();
    portal
        .audit
        .write(&portal.db, entry.after(narrowed))
        .await?;
    let sees_users = person.may_read::<OfUsers>();
    let (log, tool_id) = (portal.audit_log(), &person.tool.id);
    let pages = AuditPages::begin(log, tool_id, filter, sees_users).await?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\""),
    ];
    Ok((headers, pages.body(CSV)).into_response())
}

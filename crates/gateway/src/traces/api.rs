//! `GET /admin/traces` and `GET /admin/traces/:id` (docs/traces.md).

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;

use super::Traces;
use super::answer::{Trace, TraceList};
use super::view::{self, describe};
use crate::directory::api_keys::scope::ForManagement;
use crate::directory::auth::WithApiKey;
use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use crate::kit::id::first_of;
use crate::web::api_rule::ApiRule;
use crate::web::paging::{
    PAGE_SIZE, PageParameters, SpanParameters, limit, parameters, time, wrong,
};
use crate::web::problem::Problem;
use store::traces::{self, TraceFilter, TraceRow};

const NO_TRACE: ApiRule = ApiRule::new(
    "TRACE_NOT_FOUND",
    StatusCode::NOT_FOUND,
    "No trace has this reference. It may be too old, or one of so many failures for the same reason that they were only \
     counted: look at GET /admin/traces. Errors of the API and of the portal leave no trace at all: look for this reference \
     in the server's log.",
);

/// The query of a list: filters, or one reference.
#[derive(Default)]
struct TraceQuery {
    filter: TraceFilter,
    reference: Option<String>,
}

impl TraceQuery {
    fn parse(query: &str) -> Result<Self, Problem> {
        let mut asked = Self::default();
        asked.filter.limit = PAGE_SIZE;
        let one_of = |name: &str, value: &str, words: &[&str]| {
            let known = words.iter().find(|word| **word == value);
            let known = known.map(|word| Some((*word).to_owned()));
            known.ok_or_else(|| wrong(name, &format!("must be one of {}", words.join(", "))))
        };
        for (name, value) in parameters(query) {
            let filter = &mut asked.filter;
            match &*name {
                "limit" => filter.limit = limit(&value)?,
                "cursor" => filter.before = Some(value.into_owned()),
                "platform" => filter.platform_id = Some(value.into_owned()),
                "tool" => filter.tool_id = Some(value.into_owned()),
                "kind" => {
                    let kinds = ["login", "launch", "registration", "studyreel"];
                    filter.kind = one_of("kind", &value, &kinds)?;
                }
                "outcome" => {
                    let outcomes = [traces::ACCEPTED, traces::WAITING, traces::FAILED];
                    filter.outcome = one_of("outcome", &value, &outcomes)?;
                }
                "reason" => filter.reason = Some(value.into_owned()),
                "correlationId" => asked.reference = Some(value.into_owned()),
                "since" => filter.from_id = Some(first_of(time("since", &value)?)),
                "until" => filter.to_id = Some(first_of(time("until", &value)?)),
                other => return Err(wrong(other, "is not known here")),
            }
        }
        Ok(asked)
    }
}

/// Lists traces.
///
/// Newest first. Parameters narrow the list; `cursor` turns the page.
#[utoipa::path(
    get, path = "/admin/traces", tag = "Operator: tool", operation_id = "listTraces",
    security(("apiKey" = ["manage", "read"])),
    params(
        PageParameters,
        ("platform" = Option<String>, Query, description = "Id of a platform."),
        ("tool" = Option<String>, Query, description = "Id of a tool. A key only sees its own tool's traces."),
        ("kind" = Option<String>, Query, description = "`login`, `launch`, `registration` or `studyreel`."),
        ("outcome" = Option<String>, Query, description = "`accepted`, `waiting` or `failed`."),
        ("reason" = Option<String>, Query, description = "Code of a failure, such as `KID_UNKNOWN`."),
        ("correlationId" = Option<String>, Query, description = "Reference of an error page. Other parameters don't count beside it."),
        SpanParameters,
    ),
    responses(
        (status = 200, description = "A page of traces.", body = TraceList),
        (status = 400, description = "`INVALID_PARAMETER`: a parameter is unknown or has a wrong value; the description names it."),
    ),
)]
pub(crate) async fn list(
    State(room): State<Traces>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    RawQuery(query): RawQuery,
) -> Result<Json<TraceList>, Problem> {
    let TraceQuery {
        mut filter,
        reference,
    } = TraceQuery::parse(&query.unwrap_or_default())?;
    // A key only works for its own tool.
    let wanted = filter.tool_id.replace(tool.id.clone());
    if wanted.is_some_and(|wanted| wanted != tool.id) {
        return Ok(Json(TraceList {
            traces: Vec::new(),
            next_cursor: None,
        }));
    }
    room.settled().await;
    let (rows, next) = match reference {
        Some(reference) => (
            find(&room, &tool, &reference).await?.into_iter().collect(),
            None,
        ),
        None => {
            let page = traces::page(&mut room.0.db.read().await?.tx(), &filter).await?;
            (page.rows, page.next)
        }
    };
    let mut platforms: HashMap<String, Option<Arc<Platform>>> = HashMap::new();
    let mut shown = Vec::with_capacity(rows.len());
    for row in &rows {
        if let Some(id) = &row.platform_id
            && !platforms.contains_key(id)
        {
            platforms.insert(id.clone(), platform(&room, row).await?);
        }
        let platform = row.platform_id.as_ref().and_then(|id| platforms.get(id));
        let platform = platform
            .and_then(Option::as_deref)
            .map(|platform| &platform.row);
        shown.push(describe(
            row,
            platform,
            room.0.clock.now_ms(),
            room.0.advice,
        )?);
    }
    Ok(Json(TraceList {
        traces: shown,
        next_cursor: next,
    }))
}

/// Reads a trace.
#[utoipa::path(
    get, path = "/admin/traces/{id}", tag = "Operator: tool", operation_id = "readTrace",
    security(("apiKey" = ["manage", "read"])),
    params(("id" = String, Path, description = "The reference of an error page, or a launch's id.")),
    responses(
        (status = 200, description = "The trace.", body = Trace),
        (status = 404, description = "`TRACE_NOT_FOUND`: there is none, or none any more."),
    ),
)]
pub(crate) async fn one(
    State(room): State<Traces>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path(id): Path<String>,
) -> Result<Json<Trace>, Problem> {
    room.settled().await;
    let found = find(&room, &tool, &id).await?;
    let row = found.ok_or_else(|| NO_TRACE.problem())?;
    let platform = platform(&room, &row).await?;
    Ok(Json(describe(
        &row,
        platform.as_deref().map(|platform| &platform.row),
        room.0.clock.now_ms(),
        room.0.advice,
    )?))
}

async fn find(room: &Traces, tool: &Tool, id: &str) -> Result<Option<TraceRow>, Problem> {
    let mut reader = room.0.db.read().await?;
    Ok(view::find(&mut reader.tx(), id, Some(tool.id.clone())).await?)
}

/// The trace's platform, if it still exists and belongs to the tool.
async fn platform(room: &Traces, row: &TraceRow) -> Result<Option<Arc<Platform>>, Problem> {
    let Some(id) = &row.platform_id else {
        return Ok(None);
    };
    let platform = room.0.platforms.by_id(id).await?;
    Ok(platform.filter(|platform| platform.tool_id == row.tool_id))
}

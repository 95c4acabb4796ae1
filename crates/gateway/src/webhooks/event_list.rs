//! `GET /api/events` and `GET /api/events/{id}`: what happened, for applications that prefer
//! polling to webhooks, or want more detail than a webhook carried (grades.md WH-2, WH-6).

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use serde::Serialize;
use serde_json::{Map, Value};
use store::StoreError;
use store::events::{self, EventLog, EventRow};
use utoipa::ToSchema;

use super::Webhooks;
use super::replay::NO_EVENT;
use crate::directory::api_keys::scope::ForEvents;
use crate::directory::auth::WithApiKey;
use crate::events::{EventData, EventShape, EventType};
use crate::kit::clock::iso;
use crate::kit::id::is_id;
use crate::web::paging;
use crate::web::problem::Problem;

/// Something that happened. The members of `data` depend on `type`; none of them identifies a
/// person.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Event)]
pub(crate) struct EventAnswer {
    /// The `webhook-id` of messages about it.
    pub(crate) id: String,
    #[schema(format = DateTime)]
    pub(crate) at: String,
    #[serde(flatten)]
    #[schema(value_type = EventShape)]
    pub(crate) happened: HappenedAnswer,
}

/// What happened, as stored; [`EventShape`] describes it.
#[derive(Serialize)]
pub(crate) struct HappenedAnswer {
    pub(crate) r#type: String,
    pub(crate) data: Map<String, Value>,
}

impl TryFrom<EventRow> for EventAnswer {
    type Error = StoreError;

    fn try_from(row: EventRow) -> Result<Self, StoreError> {
        Ok(Self {
            happened: HappenedAnswer {
                data: EventData::parse(&row.data)?.into_whole(),
                r#type: row.kind,
            },
            id: row.id,
            at: iso(row.created_at),
        })
    }
}

/// A page of events.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventList {
    pub(crate) events: Vec<EventAnswer>,
    /// Where to continue: pass it as `after` in the next request, now or later.
    pub(crate) next: String,
}

/// A position in the order of all events, as returned in `next`: `<epoch>.<number>`. Older versions
/// returned the number alone.
#[derive(Clone, Debug, PartialEq, Eq)]
struct EventPlace {
    epoch: Option<String>,
    number: i64,
}

impl EventPlace {
    /// Before all events.
    const START: Self = Self {
        epoch: None,
        number: 0,
    };

    fn parse(text: &str) -> Option<Self> {
        let (epoch, number) = match text.split_once('.') {
            Some((epoch, number)) => (Some(epoch.to_owned()), number),
            None => (None, text),
        };
        let number = number.parse::<i64>().ok()?;
        (number >= 0).then_some(Self { epoch, number })
    }

    /// The number of the last event that the client has read. It is 0 if the store has since been
    /// restored from a backup, because the numbers after the backup now belong to other events.
    fn read_up_to(&self, log: &EventLog) -> i64 {
        let is_of_now = self.epoch.as_ref().is_none_or(|epoch| *epoch == log.epoch);
        if is_of_now && self.number <= log.last_place {
            self.number
        } else {
            0
        }
    }
}

/// The query of the request.
struct EventQuery {
    after: EventPlace,
    types: Vec<EventType>,
    limit: i64,
}

impl EventQuery {
    fn parse(query: &str) -> Result<Self, Problem> {
        let mut asked = Self {
            after: EventPlace::START,
            types: Vec::new(),
            limit: paging::PAGE_SIZE,
        };
        for (name, value) in paging::parameters(query) {
            match &*name {
                "after" => {
                    asked.after = EventPlace::parse(&value)
                        .ok_or_else(|| paging::wrong("after", "must be the next of an answer"))?;
                }
                "types" => {
                    for name in value.split(',').filter(|name| !name.is_empty()) {
                        let wrong = || {
                            paging::wrong(
                                "types",
                                &format!("names {name:.40}, which is no type of event"),
                            )
                        };
                        let named = EventType::named(name).ok_or_else(wrong)?;
                        // Each type is a separate read of the store, and an address has room for
                        // thousands of them.
                        if !asked.types.contains(&named) {
                            asked.types.push(named);
                        }
                    }
                }
                "limit" => asked.limit = paging::limit(&value)?,
                name => return Err(paging::wrong(name, "is not one of after, types, limit")),
            }
        }
        Ok(asked)
    }
}

/// Lists events, oldest first.
///
/// Events are kept for eight days. A client that continues from `next` misses none; after a restore
/// from a backup it starts again with the oldest.
#[utoipa::path(
    get, path = "/api/events", tag = "Application: events", operation_id = "listEvents",
    security(("apiKey" = ["services", "manage", "read"])),
    params(
        ("after" = Option<String>, Query, description = "`next` of the answer before; without it, the oldest events come first."),
        ("types" = Option<String>, Query, description = "Types of events, with commas between them; all without it."),
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 200, description = "Events on a page; 50 by default."),
    ),
    responses(
        (status = 200, description = "A page of events.", body = EventList),
        (status = 400, description = "`INVALID_PARAMETER`: a parameter is unknown or has a wrong value; the description names it."),
    ),
)]
pub(crate) async fn list(
    State(room): State<Webhooks>,
    WithApiKey { tool, .. }: WithApiKey<ForEvents>,
    RawQuery(query): RawQuery,
) -> Result<Json<EventList>, Problem> {
    let asked = EventQuery::parse(&query.unwrap_or_default())?;
    let mut reader = room.db.read().await?;
    let log = events::log(&mut reader.tx()).await?;
    let after = asked.after.read_up_to(&log);
    // Each type is read separately while new events keep arriving. Ignore those after `last_place`,
    // or `next` would skip an event of a type that was read earlier.
    let places = (after, log.last_place);
    let mut found = Vec::new();
    if asked.types.is_empty() {
        found = events::page(&mut reader.tx(), &tool.id, None, places, asked.limit).await?;
    }
    for kind in &asked.types {
        let (kind, tx) = (Some(kind.as_str()), &mut reader.tx());
        let page = events::page(tx, &tool.id, kind, places, asked.limit).await?;
        found.extend(page);
    }
    drop(reader);
    found.sort_by_key(|event| event.place);
    found.dedup_by_key(|event| event.place);
    found.truncate(usize::try_from(asked.limit).unwrap_or_default());
    let last = found.last().and_then(|event| event.place);
    let events = found.into_iter().map(EventAnswer::try_from);
    Ok(Json(EventList {
        events: events.collect::<Result<_, _>>()?,
        next: format!("{}.{}", log.epoch, last.unwrap_or(after)),
    }))
}

/// Reads an event.
#[utoipa::path(
    get, path = "/api/events/{id}", tag = "Application: events", operation_id = "readEvent",
    security(("apiKey" = ["services", "manage", "read"])),
    params(("id" = String, Path, description = "Id of an event: the `webhook-id` of a message.")),
    responses(
        (status = 200, description = "The event.", body = EventAnswer),
        (status = 404, description = "`EVENT_NOT_FOUND`: the tool has no event with this id, or it is no longer kept."),
    ),
)]
pub(crate) async fn one(
    State(room): State<Webhooks>,
    WithApiKey { tool, .. }: WithApiKey<ForEvents>,
    Path(id): Path<String>,
) -> Result<Json<EventAnswer>, Problem> {
    let found = match is_id(&id) {
        true => events::by_id(&mut room.db.read().await?.tx(), id).await?,
        false => None,
    };
    let found = found.filter(|event| event.tool_id == tool.id);
    let event = found.ok_or_else(|| NO_EVENT.problem())?;
    Ok(Json(EventAnswer::try_from(event)?))
}

#[cfg(test)]
mod tests {
    use test_case::cases;

    use super::*;

    #[cases("WH-6")]
    #[test]
    fn each_type_is_asked_for_once() {
        let types = "grade.held,grade.refused,".repeat(2_000);
        let asked = EventQuery::parse(&format!("types={types}&types={types}"));
        let types = asked.map(|asked| asked.types.len());
        assert_eq!(types.ok(), Some(2));
    }

    #[cases("WH-6")]
    #[test]
    fn a_place_of_before_a_restore_is_none() {
        let log = EventLog {
            epoch: "a1".into(),
            last_place: 300,
        };
        for (after, number) in [
            ("a1.0", 0),
            ("a1.300", 300),
            ("b2.7", 0),
            // From a store whose files were replaced by an older copy behind our back.
            ("a1.500", 0),
            // From an older version.
            ("42", 42),
            ("500", 0),
        ] {
            let place = EventPlace::parse(after).map(|place| place.read_up_to(&log));
            assert_eq!(place, Some(number), "{after}");
        }
        for after in ["", ".", "a1.", "x", "-1", "a1.-1", "a1.x", "1.2.3"] {
            assert_eq!(EventPlace::parse(after), None, "{after}");
        }
    }
}

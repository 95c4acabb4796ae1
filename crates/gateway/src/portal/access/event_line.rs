//! Events as people read them: in words, with links to what they are about.

use serde_json::Value;

use crate::events::EventType;
use crate::portal::people::person::Person;
use crate::portal::query::ms_of;
use crate::portal::room::Portal;
use crate::portal::short::{cut_for_page, short_id};
use crate::services::deliveries::DeliveryReason;
use crate::web::language::Language;
use crate::web::texts::{
    Text, portal_deliveries as delivery_texts, portal_events as texts, portal_keys as key_texts,
    portal_pages as pages,
};
use crate::webhooks::event_list::EventAnswer;

/// How many bytes of the page a value may take that is no id.
const VALUE_BYTES: usize = 200;

/// An event in the list.
pub(super) struct EventLine {
    pub(super) id: String,
    /// Its type in words, unless a newer version wrote it.
    pub(super) name: Option<Text>,
    /// Its type as the API has it.
    pub(super) kind: String,
    pub(super) at: i64,
    pub(super) facts: Vec<EventFact>,
}

/// Something that an event says.
pub(super) struct EventFact {
    /// In words, or as the API has it.
    pub(super) name: String,
    pub(super) value: String,
    /// The page about it.
    pub(super) address: Option<String>,
}

/// The name of a type in words.
pub(super) const fn name_of(kind: EventType) -> Text {
    match kind {
        EventType::PlatformRegistered => texts::PLATFORM_REGISTERED,
        EventType::PlatformPending => texts::PLATFORM_PENDING,
        EventType::PlatformActivated => texts::PLATFORM_ACTIVATED,
        EventType::PlatformDeactivated => texts::PLATFORM_DEACTIVATED,
        EventType::DeploymentPending => texts::DEPLOYMENT_PENDING,
        EventType::LaunchRefused => texts::LAUNCH_REFUSED,
        EventType::DeeplinkPlaced => texts::CONTENT_PLACED,
        EventType::GradeDelivered => texts::GRADE_DELIVERED,
        EventType::GradeRefused => texts::GRADE_REFUSED,
        EventType::GradeHeld => texts::GRADE_HELD,
        EventType::GradeUnknown => texts::GRADE_UNKNOWN,
        EventType::GradeOverridden => texts::GRADE_OVERRIDDEN,
        EventType::DeliveriesStalled => texts::DELIVERIES_STALLED,
        EventType::PlatformGradesFailing => texts::GRADES_FAILING,
        EventType::LineItemGone => texts::LINE_ITEM_GONE,
        EventType::RosterChanged => texts::ROSTER_CHANGED,
        EventType::StudentProvisioned => texts::STUDENT_CAME,
        EventType::ApiKeyCreated => texts::API_KEY_CREATED,
        EventType::WebhookDisabled => texts::WEBHOOK_DISABLED,
    }
}

impl EventLine {
    /// An event with the name of its platform, if that still exists.
    pub(super) fn new(
        event: EventAnswer,
        platform: Option<&str>,
        reason: impl Fn(&str) -> Option<Text>,
        language: Language,
    ) -> Self {
        let kind = event.happened.r#type;
        let told = event.happened.data.into_iter().map(|(member, value)| {
            let value = match value {
                Value::String(text) => text,
                other => other.to_string(),
            };
            match member.as_str() {
                "platformId" => EventFact {
                    name: pages::PLATFORM.to(language).to_owned(),
                    address: platform.map(|_| format!("/portal/platforms/{value}")),
                    value: platform.map_or(value, short_id),
                },
                "reason" => EventFact {
                    name: delivery_texts::REASON.to(language).to_owned(),
                    address: None,
                    value: match reason(&value) {
                        Some(words) => format!("{} ({value})", words.to(language)),
                        None => value,
                    },
                },
                _ => fact(member, value, language),
            }
        });
        Self {
            name: EventType::named(&kind).map(name_of),
            facts: told.collect(),
            at: ms_of(&event.at),
            id: event.id,
            kind,
        }
    }
}

fn fact(member: String, value: String, language: Language) -> EventFact {
    let page = |path: &str| Some(format!("{path}/{value}"));
    let (name, address) = match member.as_str() {
        "traceId" => (pages::REFERENCE, page("/portal/failures")),
        "deliveryId" => (texts::DELIVERY, page("/portal/deliveries")),
        "studentId" => (texts::STUDENT, page("/portal/people")),
        "webhookId" => (texts::WEBHOOK, page("/portal/keys/webhooks")),
        "deploymentId" => (delivery_texts::DEPLOYMENT, None),
        "contextId" => (delivery_texts::COURSE, None),
        "resourceLinkId" => (key_texts::LINK, None),
        _ => {
            return EventFact {
                name: member,
                address: None,
                value: cut_for_page(value, VALUE_BYTES),
            };
        }
    };
    EventFact {
        name: name.to(language).to_owned(),
        address,
        value: short_id(&value),
    }
}

impl Portal {
    /// Events of the person's tool, for its page.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn event_lines(
        &self,
        person: &Person,
        events: Vec<EventAnswer>,
    ) -> Result<Vec<EventLine>, store::StoreError> {
        let mut lines = Vec::with_capacity(events.len());
        for event in events {
            let platform = event
                .happened
                .data
                .get("platformId")
                .and_then(Value::as_str);
            let platform = match platform {
                Some(id) => self.platform_name(person, id).await?,
                None => None,
            };
            let kind = event.happened.r#type.clone();
            let reason = |code: &str| match EventType::named(&kind) {
                Some(EventType::LaunchRefused) => Some(self.traces.meaning(code).name),
                Some(EventType::WebhookDisabled) | None => None,
                Some(_) => Some(DeliveryReason::words(code)),
            };
            lines.push(EventLine::new(
                event,
                platform.as_deref(),
                reason,
                person.language,
            ));
        }
        Ok(lines)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::webhooks::event_list::HappenedAnswer;

    #[test]
    fn events_lead_to_what_they_are_about() {
        let data = json!({"platformId": "p1", "traceId": "R-1", "added": 3});
        let event = EventAnswer {
            id: "e1".to_owned(),
            at: "1970-01-01T00:00:01Z".to_owned(),
            happened: HappenedAnswer {
                r#type: "launch.refused".to_owned(),
                data: data.as_object().unwrap().clone(),
            },
        };
        let name = Some("North".to_owned());
        let line = EventLine::new(event, name.as_deref(), |_| None, Language::English);
        assert_eq!(line.at, 1000);
        let facts = line.facts.iter().map(|fact| {
            let address = fact.address.as_deref().unwrap_or("-");
            format!("{} {} {address}", fact.name, fact.value)
        });
        let mut facts: Vec<String> = facts.collect();
        facts.sort();
        let expected = [
            "Platform North /portal/platforms/p1",
            "Reference R-1 /portal/failures/R-1",
            "added 3 -",
        ];
        assert_eq!(facts, expected);
    }
}

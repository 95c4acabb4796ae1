//! The payload of an `id_token`, in the order and shape seen on the wire.

use serde_json::{Map, Value, json};

use super::{
    launch::{Launch, Message},
    platform::{Platform, State},
    tool::Tool,
    variables::Scene,
};
use crate::{
    Error,
    people::{Person, Position},
    profiles::AGS_SCOPES,
};

/// Under which name an LTI claim travels: `deployment_id` is `https://purl.imsglobal.org/spec/lti/claim/deployment_id`.
/// Names that are not LTI's stay as they are.
pub fn claim_name(short: &str) -> String {
    match short {
        "deployment_id"
        | "target_link_uri"
        | "message_type"
        | "version"
        | "roles"
        | "context"
        | "resource_link"
        | "lis"
        | "custom"
        | "ext"
        | "launch_presentation"
        | "tool_platform"
        | "role_scope_mentor"
        | "for_user"
        | "lti11_legacy_user_id"
        | "lti1p1" => format!("https://purl.imsglobal.org/spec/lti/claim/{short}"),
        "deep_linking_settings" => {
            "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings".to_owned()
        }
        "endpoint" => "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint".to_owned(),
        "namesroleservice" => {
            "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice".to_owned()
        }
        other => other.to_owned(),
    }
}

/// The role URIs of a position.
pub(super) fn roles(position: Position) -> Value {
    const LIS: &str = "http://purl.imsglobal.org/vocab/lis/v2";
    match position {
        Position::Administrator => json!([
            format!("{LIS}/institution/person#Administrator"),
            format!("{LIS}/membership#Instructor"),
            format!("{LIS}/system/person#Administrator"),
        ]),
        Position::Teacher => json!([format!("{LIS}/membership#Instructor")]),
        Position::Student => json!([format!("{LIS}/membership#Learner")]),
    }
}

impl Platform {
    pub(super) fn claims(&self, launch: &Launch, nonce: &str) -> Result<Value, Error> {
        let now = self.clock.seconds();
        let mut state = self.state();
        let tool = state.tool(&launch.tool)?.clone();
        let person = state.person(&launch.user)?.clone();
        let course = state.course(&launch.course)?.clone();
        let link = match launch.message {
            Message::DeepLinking => None,
            Message::ResourceLink => Some(
                course
                    .links
                    .iter()
                    .find(|link| link.id == launch.link)
                    .ok_or_else(|| Error::unknown("resource link", &launch.link))?,
            ),
        };
        let target = launch
            .target_link_uri
            .clone()
            .unwrap_or_else(|| state.target(&tool, launch));
        let mut claims = Map::new();
        let mut put = |name: &str, value: Value| drop(claims.insert(claim_name(name), value));

        put("nonce", json!(nonce));
        put("iat", json!(now));
        put("exp", json!(now + self.profile.launch.token_seconds));
        put("iss", json!(state.issuer));
        put("aud", json!(tool.client_id));
        put("deployment_id", json!(tool.deployment_id));
        put("target_link_uri", json!(target));
        put("sub", json!(person.id));
        put(
            "lis",
            json!({ "person_sourcedid": person.sourcedid, "course_section_sourcedid": course.sourcedid }),
        );
        put("roles", roles(person.position));
        put(
            "context",
            json!({ "id": course.id, "label": course.label, "title": course.title, "type": ["CourseSection"] }),
        );
        put("message_type", json!(launch.message.name()));
        if let Some(link) = link {
            put(
                "resource_link",
                json!({ "title": link.title, "description": link.description, "id": link.id }),
            );
        }
        if let (Some(link), Some(path), true) =
            (link, self.profile.launch.basic_outcomes, tool.grades())
        {
            let data =
                json!({ "instanceid": link.id, "userid": person.id, "typeid": tool.deployment_id });
            put(
                "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome",
                json!({
                    "lis_result_sourcedid": json!({ "data": data, "hash": "not-checked" }).to_string(),
                    "lis_outcome_service_url": self.url(path),
                }),
            );
        }
        if tool.facts.names {
            put("given_name", json!(person.given_name));
            put("family_name", json!(person.family_name));
            put("name", json!(person.name()));
        }
        put("ext", self.extension(&tool, &person));
        if tool.facts.email {
            put("email", json!(person.email));
        }
        put("launch_presentation", self.presentation(launch));
        put(
            "tool_platform",
            json!({
                "product_family_code": self.profile.launch.product_family_code,
                "version": self.profile.launch.version,
                "guid": "5f2d1c7a9b0e4836a1d4c8e7b6f50312",
                "name": "Example School",
                "description": "The pretend LMS of an invented school",
            }),
        );
        put("version", json!("1.3.0"));

        let scene = Scene {
            person: &person,
            course: &course,
            link,
        };
        let own = link.into_iter().flat_map(|link| &link.custom);
        let mut custom: Map<String, Value> = tool
            .facts
            .custom
            .iter()
            .chain(own)
            .map(|(name, value)| {
                (
                    name.clone(),
                    scene.resolve(value.as_str().unwrap_or_default()).into(),
                )
            })
            .collect();
        let memberships = self.memberships_url(&tool, &course.id);
        if tool.roster() {
            custom.insert("context_memberships_url".to_owned(), json!(memberships));
        }
        if !custom.is_empty() {
            put("custom", Value::Object(custom));
        }
        if tool.grades() {
            put("endpoint", self.grade_claim(&mut state, &tool, launch));
        }
        if tool.roster() {
            put(
                "namesroleservice",
                json!({ "context_memberships_url": memberships, "service_versions": ["1.0", "2.0"] }),
            );
        }
        if launch.message == Message::DeepLinking {
            put(
                "deep_linking_settings",
                self.deep_linking_settings(&tool, launch),
            );
        }

        (self.profile.launch.shape)(&mut claims);
        for (name, value) in &launch.changes {
            match value {
                Some(value) => drop(claims.insert(claim_name(name), value.clone())),
                None => drop(claims.shift_remove(&claim_name(name))),
            }
        }
        Ok(Value::Object(claims))
    }

    fn extension(&self, tool: &Tool, person: &Person) -> Value {
        let lms = format!("{}-2", self.profile.name);
        if tool.facts.names {
            json!({ "user_username": person.username, "lms": lms })
        } else {
            json!({ "lms": lms })
        }
    }

    fn presentation(&self, launch: &Launch) -> Value {
        match launch.message {
            Message::DeepLinking => json!({ "locale": "en" }),
            Message::ResourceLink => json!({
                "locale": "en",
                "document_target": if launch.window { "window" } else { "iframe" },
                "return_url": self.url(&format!("/return?course={}&link={}", launch.course, launch.link)),
            }),
        }
    }

    fn grade_claim(&self, state: &mut State, tool: &Tool, launch: &Launch) -> Value {
        let granted: Vec<&str> = AGS_SCOPES
            .into_iter()
            .filter(|scope| tool.facts.scopes.iter().any(|own| own == scope))
            .collect();
        let mut claim =
            json!({ "scope": granted, "lineitems": self.line_items_url(tool, &launch.course) });
        if launch.message == Message::ResourceLink {
            let title = state
                .course(&launch.course)
                .ok()
                .and_then(|course| course.links.iter().find(|link| link.id == launch.link))
                .map(|link| link.title.clone())
                .unwrap_or_default();
            let item =
                state
                    .gradebook
                    .of_link(&tool.client_id, &launch.course, &launch.link, &title);
            claim["lineitem"] = json!(self.line_item_url(tool, &launch.course, item));
        }
        claim
    }

    pub(super) fn memberships_url(&self, tool: &Tool, course: &str) -> String {
        let services = self.profile.paths.services;
        self.url(&format!(
            "{services}/CourseSection/{course}/bindings/{}/memberships",
            tool.deployment_id
        ))
    }

    pub(super) fn line_items_url(&self, tool: &Tool, course: &str) -> String {
        let services = self.profile.paths.services;
        self.url(&format!(
            "{services}/{course}/lineitems?type_id={}",
            tool.deployment_id
        ))
    }

    pub(super) fn line_item_url(&self, tool: &Tool, course: &str, item: u64) -> String {
        let services = self.profile.paths.services;
        self.url(&format!(
            "{services}/{course}/lineitems/{item}/lineitem?type_id={}",
            tool.deployment_id
        ))
    }
}

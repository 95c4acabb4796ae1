//! `GET /api/idtoken`: what the application reads of a launch (ltiaas-api.md §2.2).
//!
//! Absent values are left out, never null. Old names that applications still read stand beside the new ones.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::facts::Facts;
use super::{Launch, Message};
use crate::app::App;
use crate::directory::auth::WithLtik;
use crate::directory::platforms::Platform;
use crate::settings::registration::Services;
use crate::web::json::wants_raw;
use crate::web::problem::Problem;
use lti::claims::Claims;

/// `GET /api/idtoken`, `?raw=true` for the claims as they came.
pub async fn get(
    State(app): State<App>,
    auth: WithLtik,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let raw = wants_raw(query.as_deref());
    let body = match &auth.launch.message {
        Message::Lti13(payload) => {
            let platform = active_platform(&app, &auth.launch).await?;
            if raw {
                raw_claims(payload, &platform)?
            } else {
                let claims = Claims::from_payload(payload).map_err(Problem::internal)?;
                let facts = Facts::of_lti(claims, &platform, &app.config.public_url);
                formatted(&facts, auth.tool.settings.services, &app)?
            }
        }
        Message::StudyReel(message) if raw => message.raw().map_err(Problem::internal)?,
        Message::StudyReel(message) => {
            formatted(&message.facts(&app), auth.tool.settings.services, &app)?
        }
    };
    Ok(([(CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// The launch's platform. One that was stopped or removed since gives nothing any more (§8, question 17).
async fn active_platform(app: &App, launch: &Launch) -> Result<Arc<Platform>, Problem> {
    let id = launch.platform_id.as_deref().unwrap_or("");
    let platform = app
        .platforms
        .by_id(id)
        .await?
        .filter(|platform| platform.active);
    platform
        .ok_or_else(|| Problem::unauthorized("The platform of this launch is no longer active."))
}

fn raw_claims(payload: &str, platform: &Platform) -> Result<Value, Problem> {
    let mut claims: Map<String, Value> =
        serde_json::from_str(payload).map_err(Problem::internal)?;
    // SDKs take a text only; our own client id is among what was accepted.
    claims.insert("aud".into(), json!(platform.client_id));
    claims.insert("ltiVersion".into(), json!("1.3.0"));
    Ok(Value::Object(claims))
}

/// An object under construction that leaves absent members out.
struct Object(Map<String, Value>);

impl Object {
    fn new() -> Self {
        Self(Map::new())
    }

    fn put(&mut self, key: &str, value: impl Into<Value>) {
        self.0.insert(key.to_owned(), value.into());
    }

    fn maybe(&mut self, key: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }

    fn texts(&mut self, key: &str, values: &[String]) {
        if !values.is_empty() {
            self.put(key, values.to_vec());
        }
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object.0)
    }
}

fn formatted(facts: &Facts, enabled: Services, app: &App) -> Result<Value, Problem> {
    let mut token = Object::new();
    token.put("ltiVersion", "1.3.0");
    token.put("user", user(facts));
    token.put("platform", platform(facts));
    token.put("launch", launch(facts));
    token.put("services", services(facts, enabled, app)?);
    token.put("custom", json!(facts.custom));
    token.maybe("student", facts.student.clone());
    Ok(token.into())
}

fn user(facts: &Facts) -> Object {
    let (mut user, person) = (Object::new(), &facts.person);
    user.maybe("id", facts.user_id.clone());
    user.put("roles", facts.roles.clone());
    user.put("role", facts.standing);
    if facts.is_test_user {
        user.put("testUser", true);
    }
    user.maybe("email", person.email.clone());
    user.maybe("name", person.name.clone());
    user.maybe("givenName", person.given_name.clone());
    user.maybe("given_name", person.given_name.clone());
    user.maybe("familyName", person.family_name.clone());
    user.maybe("family_name", person.family_name.clone());
    user.maybe("middleName", person.middle_name.clone());
    user.maybe("picture", person.picture.clone());
    user.maybe("locale", person.locale.clone());
    user.texts("roleScopeMentor", &facts.mentors);
    user
}

fn platform(facts: &Facts) -> Object {
    let (mut platform, from) = (Object::new(), &facts.platform);
    platform.put("id", from.id.clone());
    platform.put("url", from.url.clone());
    platform.put("clientId", from.client_id.clone());
    platform.put("deploymentId", from.deployment_id.clone());
    platform.put("name", from.name.clone());
    platform.maybe("guid", from.about.guid.clone());
    platform.maybe("productFamilyCode", from.about.product_family_code.clone());
    platform.maybe(
        "product_family_code",
        from.about.product_family_code.clone(),
    );
    platform.maybe("version", from.about.version.clone());
    platform.maybe("description", from.about.description.clone());
    platform.maybe("contactEmail", from.about.contact_email.clone());
    platform.maybe(
        "lis",
        from.lis.as_ref().map(|ids| {
            let mut lis = Object::new();
            lis.maybe("person_sourcedid", ids.person_sourcedid.clone());
            lis.maybe(
                "course_offering_sourcedid",
                ids.course_offering_sourcedid.clone(),
            );
            lis.maybe(
                "course_section_sourcedid",
                ids.course_section_sourcedid.clone(),
            );
            lis
        }),
    );
    platform
}

fn launch(facts: &Facts) -> Object {
    let mut launch = Object::new();
    launch.put("type", facts.message_type);
    launch.put("target", facts.target.clone());
    if let Some(from) = &facts.context {
        let mut context = Object::new();
        context.put("id", from.id.clone());
        context.maybe("label", from.label.clone());
        context.maybe("title", from.title.clone());
        context.texts("type", &from.types);
        launch.put("context", context);
    }
    if let Some(from) = &facts.resource_link {
        let mut link = Object::new();
        link.put("id", from.id.clone());
        link.maybe("title", from.title.clone());
        link.maybe("description", from.description.clone());
        let link = Value::from(link);
        launch.put("resourceLink", link.clone());
        launch.put("resource", link);
    }
    if let Some(from) = &facts.presentation {
        let mut presentation = Object::new();
        for key in ["documentTarget", "document_target"] {
            presentation.maybe(key, from.document_target.clone());
        }
        for key in ["returnUrl", "return_url"] {
            presentation.maybe(key, from.return_url.clone());
        }
        presentation.maybe("locale", from.locale.clone());
        // The Node SDK takes texts only.
        presentation.maybe("width", from.width.map(|pixels| pixels.to_string()));
        presentation.maybe("height", from.height.map(|pixels| pixels.to_string()));
        launch.put("presentation", presentation);
    }
    launch.maybe(
        "lineItemId",
        facts
            .grades
            .as_ref()
            .and_then(|grades| grades.lineitem.clone()),
    );
    launch.put("custom", json!(facts.custom));
    launch
}

fn services(facts: &Facts, enabled: Services, app: &App) -> Result<Object, Problem> {
    let mut services = Object::new();
    services.put("outcomes", json!({"available": false}));
    services.put("deepLinking", deep_linking(facts, enabled));
    let roster = facts
        .roster
        .as_ref()
        .filter(|_| enabled.names_and_roles)
        .and_then(|roster| roster.context_memberships_url.clone());
    let mut names = Object::new();
    names.put("available", roster.is_some());
    names.maybe("contextMembershipsUrl", roster.clone());
    services.put("namesAndRoles", names);
    let grades = facts
        .grades
        .as_ref()
        .filter(|_| enabled.assignment_and_grades);
    let grades = grades.filter(|grades| grades.lineitem.is_some() || grades.lineitems.is_some());
    let mut ags = Object::new();
    ags.put("available", grades.is_some());
    if let Some(grades) = grades {
        ags.texts("scopes", &grades.scope);
        ags.maybe("lineItemId", grades.lineitem.clone());
        ags.maybe("lineItemsUrl", grades.lineitems.clone());
    }
    services.put("assignmentAndGrades", ags);
    if roster.is_some() || grades.is_some() {
        services.put(
            "serviceKey",
            app.ltiks
                .mint_service_key(&facts.service_context())
                .map_err(Problem::internal)?,
        );
    }
    Ok(services)
}

fn deep_linking(facts: &Facts, enabled: Services) -> Object {
    let mut service = Object::new();
    let settings = facts.deep_linking.as_ref().filter(|_| enabled.deep_linking);
    service.put("available", settings.is_some());
    let Some(settings) = settings else {
        return service;
    };
    service.texts("acceptTypes", &settings.accept_types);
    service.texts(
        "acceptPresentationDocumentTargets",
        &settings.accept_presentation_document_targets,
    );
    let media: Vec<String> = settings
        .accept_media_types
        .iter()
        .flat_map(|list| list.split(','))
        .map(|media| media.trim().to_owned())
        .filter(|media| !media.is_empty())
        .collect();
    service.texts("acceptMediaTypes", &media);
    service.maybe("acceptMultiple", settings.accept_multiple);
    service.maybe("title", settings.title.clone());
    service.maybe("text", settings.text.clone());
    service
}

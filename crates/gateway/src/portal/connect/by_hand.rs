//! `/portal/connect/{lms}/by-hand`: registers a platform with the values that its administrator
//! provides.

use askama::Template;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use serde_json::Value;
use store::platforms::KeyMethod;

use super::address::{since_in, since_of, wizard_of};
use super::first_deployment;
use super::lms::{Lms, lms_of};
use super::ours::OurAddresses;
use super::step::CopiedAddress;
use super::wizard::name_of;
use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::directory::platforms_api;
use crate::portal::form::{FormErrors, FormField};
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::person::Person;
use crate::portal::people::rights::{OfPlatformForms, OfPlatforms};
use crate::portal::platforms::form::PlatformForm;
use crate::portal::platforms::slips::with_slips;
use crate::portal::query::{PageQuery, body_of};
use crate::portal::room::Portal;
use crate::portal::signed_in::{PortalForm, SignedIn, with_next};
use crate::web::language::Language;
use crate::web::redirect::see_other_here;
use crate::web::texts::{Text, portal_connect as texts, portal_pages as pages};

#[derive(Template)]
#[template(path = "portal/connect_by_hand.html")]
struct ByHandPage<'a> {
    frame: &'a PortalFrame,
    code: &'static str,
    /// Since when the LMS's page looks for it.
    since: i64,
    /// The LMS's page.
    back: String,
    /// The LMS's name.
    lms: String,
    title: String,
    host: String,
    /// Whether the addresses need the LMS's host.
    needs_host: bool,
    /// Whether addresses that all schools share are filled in.
    is_filled: bool,
    /// Our addresses, with their labels.
    ours: Vec<(Text, String)>,
    fields: Vec<FormField>,
    errors: FormErrors,
}

/// The input: the form, a deployment, the LMS's host, and since when its page looks.
struct ByHandInput {
    form: PlatformForm,
    /// May be empty.
    deployment: String,
    host: String,
    since: i64,
}

/// The path of the form for an LMS.
fn path_of(lms: &Lms) -> String {
    format!("/portal/connect/{}/by-hand", lms.code)
}

/// The form, prefilled with what all schools of the LMS share. Someone who enters a known LMS
/// again, with other keys, can launch as anyone in it, so they have to prove who they are
/// (decision 0413).
pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfPlatformForms>,
    Path(code): Path<String>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let lms = lms_of(&code);
    if !who.person.is_confirmed(portal.clock.now_ms()) {
        // Before they fill it in, rather than after.
        let query = query.map_or_else(String::new, |query| format!("?{query}"));
        let there = path_of(lms) + &query;
        return Ok(see_other_here(&with_next("/portal/confirm", &there))?);
    }
    let query = PageQuery::new(query);
    let host = host_in(&query.text("host").unwrap_or_default());
    let there = path_of(lms);
    let kept = |name: &str| who.person.kept(&there, name).map(str::to_owned);
    // Naming a host or an issuer asks for its values again.
    let mut asking = ["host", "issuer"].iter();
    let is_asked = asking.any(|name| query.text(name).is_some());
    let input = ByHandInput {
        form: match !is_asked && who.person.has_kept(&there) {
            true => PlatformForm::sent(&kept),
            false => named(preset(lms, &host), &query),
        },
        deployment: kept(first_deployment::FIELD).unwrap_or_default(),
        host,
        since: since_in(&query).unwrap_or_else(|| portal.clock.now_ms()),
    };
    send(&portal, &who.person, lms, input, FormErrors::default()).await
}

/// `POST`: registers it, or shows what is wrong.
pub(crate) async fn save(
    State(portal): State<Portal>,
    Path(code): Path<String>,
    posted: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    let (person, lms) = (&posted.person, lms_of(&code));
    posted.confirmed(&portal, &path_of(lms))?;
    let form = with_client_id(PlatformForm::sent(&|name| posted.field(name)));
    let since = posted.field("since").and_then(|text| since_of(&text));
    let deployment = posted.field(first_deployment::FIELD).unwrap_or_default();
    let input = ByHandInput {
        form,
        deployment: deployment.trim().to_owned(),
        host: String::new(),
        since: since.unwrap_or_else(|| portal.clock.now_ms()),
    };
    let wrong = unreplaced(&input.form);
    if let Some(errors) = wrong.or_else(|| first_deployment::wrong(&input.deployment)) {
        return send(&portal, person, lms, input, errors).await;
    }
    let members = input.form.to_members();
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let body = body_of(&Value::Object(members.clone()));
    let platform = match platforms_api::create(State(room), key, body).await {
        Ok(Json(platform)) => platform,
        Err(problem) => {
            let errors = FormErrors::of_problem(problem)?;
            return send(&portal, person, lms, input, errors).await;
        }
    };
    let entry = person
        .entry(AuditAction::PlatformCreated, &platform.id)
        .named(&*platform.name)
        .after(members);
    portal.audit.write(&portal.db, entry).await?;
    if !input.deployment.is_empty() {
        let there = (&*platform.id, &*platform.name);
        first_deployment::enter(&portal, person, there, &input.deployment).await?;
    }
    let now = portal.clock.now_ms();
    let there = wizard_of(lms, Some(now), Some(&platform.id));
    let registered = texts::REGISTERED.with("name", platform.name);
    portal.said(
        person,
        &there,
        &with_slips(&registered, &input.form, person.language),
    )
}

/// The host in a text that people pasted, with `http://` if they said so.
fn host_in(text: &str) -> String {
    let text = text.trim();
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match scheme.eq_ignore_ascii_case("http") && !host.is_empty() {
        true => format!("http://{host}"),
        false => host.to_owned(),
    }
}

/// Fills in the client id in the addresses that contain it.
fn with_client_id(mut form: PlatformForm) -> PlatformForm {
    if !form.client_id.is_empty() && form.method == "JWK_SET" {
        form.key = form.key.replace("{client id}", &form.client_id);
    }
    form
}

/// What is wrong with addresses that still contain a placeholder in braces; `None` if there are
/// none.
fn unreplaced(form: &PlatformForm) -> Option<FormErrors> {
    let is_address = form.method == "JWK_SET";
    let key = Some(&form.key).filter(|_| is_address);
    let fields = [
        ("url", Some(&form.url)),
        (
            "authenticationEndpoint",
            Some(&form.authentication_endpoint),
        ),
        ("accesstokenEndpoint", Some(&form.accesstoken_endpoint)),
        ("authorizationServer", Some(&form.authorization_server)),
        ("key", key),
    ];
    let wrong = fields.into_iter().filter_map(|(id, value)| {
        let (_, rest) = value?.split_once('{')?;
        let name = rest.split('}').next().unwrap_or_default();
        let told = format!("put what the LMS shows in the place of {{{name}}}");
        Some((id, told))
    });
    FormErrors::of_fields("Braces stand for a part that only the LMS knows.", wrong)
}

/// The form with the issuer and the client id that a refused login named.
fn named(form: PlatformForm, query: &PageQuery) -> PlatformForm {
    PlatformForm {
        url: query.text("issuer").unwrap_or(form.url),
        client_id: query.text("clientId").unwrap_or(form.client_id),
        ..form
    }
}

fn preset(lms: &Lms, host: &str) -> PlatformForm {
    // Better empty than an address with a placeholder for the host.
    let fill = |text: &str| match host {
        "" if text.contains("{host}") => String::new(),
        host => match host.strip_prefix("http://") {
            Some(host) => text
                .replace("https://{host}", "http://{host}")
                .replace("{host}", host),
            None => text.replace("{host}", host),
        },
    };
    let shared = &lms.shared;
    PlatformForm {
        name: host.trim_start_matches("http://").to_owned(),
        url: fill(shared.issuer),
        authentication_endpoint: fill(shared.authentication),
        accesstoken_endpoint: fill(shared.tokens),
        authorization_server: fill(shared.audience),
        method: KeyMethod::JwkSet.as_str().to_owned(),
        key: fill(shared.key_set),
        key_delivery: "url".to_owned(),
        ..PlatformForm::default()
    }
}

/// The field with the LMS's name for it, if we know one; for an LMS that we don't know, with the
/// names that are usual.
fn called(lms: &Lms, field: FormField, language: Language) -> FormField {
    if lms.name.is_empty() {
        let usual = match field.id {
            "authenticationEndpoint" => Some(texts::ALSO_AUTHENTICATION),
            "accesstokenEndpoint" => Some(texts::ALSO_TOKENS),
            "key" => Some(texts::ALSO_KEYS),
            _ => None,
        };
        return field.also(usual.map(|text| text.to(language).to_owned()));
    }
    let label = lms.labels.iter().find(|(id, _)| *id == field.id);
    let told = label.map(|(_, label)| {
        let told = texts::HAND_CALLED.with("lms", lms.name);
        told.with("label", *label).to(language).into_owned()
    });
    field.also(told)
}

fn title_of(lms: &Lms, language: Language) -> String {
    match lms.name {
        "" => texts::HAND_OTHER.to(language).to_owned(),
        name => texts::HAND_TITLE
            .with("lms", name)
            .to(language)
            .into_owned(),
    }
}

/// The submitted form; 400 if something is wrong with it.
async fn send(
    portal: &Portal,
    person: &Person,
    lms: &'static Lms,
    input: ByHandInput,
    errors: FormErrors,
) -> PortalAnswer {
    let status = match errors.whole.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::BAD_REQUEST,
    };
    let ours = OurAddresses::new(portal, &person.tool, None);
    let ours = ours.copied(CopiedAddress::OurAddresses).into_iter();
    let mut fields = input.form.fields(person.language, &errors);
    fields.push(first_deployment::field(
        &input.deployment,
        person.language,
        &errors,
    ));
    let errors = errors.labelled(&fields);
    let fields = fields.into_iter();
    // What follows from a host that was typed is shared with no other school.
    let needs_host = lms.shared.issuer.contains("{host}");
    let is_filled = !needs_host && !input.form.authentication_endpoint.is_empty();
    let frame = portal.frame(person, Nav::Platforms, texts::TITLE).await?;
    let page = ByHandPage {
        code: lms.code,
        back: wizard_of(lms, Some(input.since), None),
        since: input.since,
        lms: name_of(lms, person.language),
        title: title_of(lms, person.language),
        needs_host,
        is_filled: is_filled && errors.whole.is_empty(),
        ours: ours.map(|(label, value)| (label, value.clone())).collect(),
        fields: fields
            .map(|field| called(lms, field, person.language))
            .collect(),
        frame: &frame,
        host: input.host,
        errors,
    };
    portal.send(status, &frame, page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_filled_in_as_far_as_they_are_known() {
        assert_eq!(
            host_in(" https://lms.school.example/login?x#y "),
            "lms.school.example"
        );
        assert_eq!(host_in("http://"), "");
        let insecure = preset(lms_of("moodle"), &host_in("HTTP://10.0.0.7:8080/moodle"));
        assert_eq!(insecure.url, "http://10.0.0.7:8080");
        assert_eq!(insecure.key, "http://10.0.0.7:8080/mod/lti/certs.php");
        assert_eq!(insecure.name, "10.0.0.7:8080");
        let form = preset(lms_of("moodle"), "lms.school.example");
        assert_eq!(form.url, "https://lms.school.example");
        assert_eq!(form.key, "https://lms.school.example/mod/lti/certs.php");
        let blackboard = preset(lms_of("blackboard"), "");
        let blackboard = with_client_id(PlatformForm {
            client_id: "a1-b2".to_owned(),
            ..blackboard
        });
        assert!(blackboard.key.ends_with("/applications/a1-b2/jwks.json"));
        assert!(unreplaced(&blackboard).is_none());
        let sakai = preset(lms_of("sakai"), "lms.school.example");
        let told = unreplaced(&sakai).map(|errors| errors.whole);
        assert!(told.is_some_and(|told| told.starts_with("Braces")));
        let pasted = PlatformForm {
            method: "JWK_KEY".to_owned(),
            key: "{}".to_owned(),
            ..PlatformForm::default()
        };
        assert!(unreplaced(&pasted).is_none());
        let canvas = preset(lms_of("canvas"), "");
        assert_eq!(canvas.url, "https://canvas.instructure.com");
    }
}

//! `/portal/platforms/{id}/settings`: what the LMS told us about itself, and its own rules for
//! launches.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::Value;

use super::form::{ALGORITHMS, PlatformForm, RuleForm, whole};
use super::head::{self, PlatformHead, PlatformTab, address_of};
use super::in_use::works_today;
use super::slips::with_slips;
use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::directory::frame_origins::FrameOrigins;
use crate::directory::platforms::Platform;
use crate::directory::platforms_api;
use crate::directory::unknown_deployments::rule_of_tool;
use crate::portal::form::{FormErrors, FormField};
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::person::Person;
use crate::portal::people::rights::OfPlatforms;
use crate::portal::query::body_of;
use crate::portal::room::Portal;
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::settings::launch::{Anonymous, DeepLinkingBy, LaunchRules, UnknownDeployments};
use crate::web::language::Language;
use crate::web::texts::{Text, portal_pages as pages, portal_platforms as texts};

/// A signature algorithm to accept from the platform.
struct AlgorithmBox {
    name: &'static str,
    is_ticked: bool,
}

/// A possible value of a rule, and its label.
type RuleChoice = (&'static str, String);

#[derive(Template)]
#[template(path = "portal/platform_rules.html")]
struct RulesPage<'a> {
    frame: &'a PortalFrame,
    head: PlatformHead,
    may_change: bool,
    fields: Vec<FormField>,
    rules: Vec<FormField>,
    origins: Vec<FormField>,
    algorithms: Vec<AlgorithmBox>,
    errors: FormErrors,
    /// Warns that its launches stop with another issuer or client id, and asks for a tick.
    warning: Option<String>,
}

pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfPlatforms>,
    Path(id): Path<String>,
) -> PortalAnswer {
    let person = &who.person;
    let (platform, head) = head::open(&portal, person, &id, PlatformTab::Rules).await?;
    let there = format!("{}/settings", address_of(&head.id));
    let (form, rules) = if person.has_kept(&there) {
        let kept = |name: &str| person.kept(&there, name).map(str::to_owned);
        (PlatformForm::sent(&kept), RuleForm::sent(&kept))
    } else {
        let stored = PlatformForm::stored(&platform);
        (stored, RuleForm::stored(&platform)?)
    };
    let filled = (form, rules, FormErrors::default());
    send(&portal, person, &platform, head, filled, StatusCode::OK).await
}

/// `POST`: saves everything, or shows the errors, or asks whether launches that work may stop.
pub(crate) async fn save(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    posted: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    let person = &posted.person;
    let (platform, head) = head::open(&portal, person, &id, PlatformTab::Rules).await?;
    let field = |name: &str| posted.field(name);
    let (form, rules) = (PlatformForm::sent(&field), RuleForm::sent(&field));
    let there = format!("{}/settings", address_of(&head.id));
    let stored = PlatformForm::stored(&platform);
    let (before, tool) = (RuleForm::stored(&platform)?, &person.tool.settings.launch);
    let is_looser = rules.is_looser(&before, tool, &platform.issuer);
    if is_looser || form.is_another(&stored) {
        posted.confirmed(&portal, &there)?;
    }
    let is_asked = form.is_found_elsewhere(&stored) && field("sure").is_none();
    if is_asked && works_today(&portal, &platform).await? {
        let filled = (form, rules, FormErrors::default());
        let status = StatusCode::CONFLICT;
        return send(&portal, person, &platform, head, filled, status).await;
    }
    let before = whole(&platform)?;
    let mut after = form.to_members();
    rules.add_to(&mut after, &platform)?;
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let body = body_of(&Value::Object(after.clone()));
    let saved = platforms_api::replace(State(room), key, Path(head.id.clone()), body).await;
    if let Err(problem) = saved {
        let filled = (form, rules, FormErrors::of_problem(problem)?);
        return send(
            &portal,
            person,
            &platform,
            head,
            filled,
            StatusCode::BAD_REQUEST,
        )
        .await;
    }
    let entry = person
        .entry(AuditAction::PlatformChanged, &head.id)
        .named(&*platform.name)
        .before(before);
    portal.audit.write(&portal.db, entry.after(after)).await?;
    let saved = texts::SAVED.with("name", form.name.clone());
    portal.said(person, &there, &with_slips(&saved, &form, person.language))
}

async fn send(
    portal: &Portal,
    person: &Person,
    platform: &Platform,
    head: PlatformHead,
    (form, rules, errors): (PlatformForm, RuleForm, FormErrors),
    status: StatusCode,
) -> PortalAnswer {
    let ticked = |name: &'static str| AlgorithmBox {
        name,
        is_ticked: rules.algorithms.iter().any(|ticked| ticked == name),
    };
    let known = FrameOrigins::of(platform).policy();
    let say = |text: Text| text.to(person.language).to_owned();
    let origins = texts::ORIGINS_HELP.with("known", known);
    let origins = FormField::area(
        "frameOrigins",
        say(texts::FURTHER_ORIGINS),
        &rules.frame_origins,
    )
    .meaning(origins.to(person.language))
    .checked(&errors);
    let identity = form.fields(person.language, &errors);
    let rules_fields = fields(person, platform, &rules, &errors);
    let errors = errors.labelled(identity.iter().chain(&rules_fields).chain([&origins]));
    let warning = texts::WORKS_TODAY.with("name", &*platform.name);
    let warning = warning.to(person.language).into_owned();
    let frame = portal.frame(person, Nav::Platforms, texts::TITLE).await?;
    portal.send(
        status,
        &frame,
        RulesPage {
            may_change: person.may_change::<OfPlatforms>(),
            fields: identity,
            rules: rules_fields,
            algorithms: ALGORITHMS.into_iter().map(ticked).collect(),
            origins: vec![origins],
            errors,
            warning: (status == StatusCode::CONFLICT).then_some(warning),
            frame: &frame,
            head,
        },
    )
}

/// The fields of the rules, each with the tool's own setting.
fn fields(
    person: &Person,
    platform: &Platform,
    form: &RuleForm,
    errors: &FormErrors,
) -> Vec<FormField> {
    let (language, tool) = (person.language, &person.tool.settings.launch);
    let say = |text: Text| text.to(language).to_owned();
    let has = |seconds: String| {
        let text = pages::TOOL_HAS.with("value", seconds);
        text.to(language).into_owned()
    };
    let fields = [
        FormField::choice(
            "unknownDeployments",
            say(texts::NEW_DEPLOYMENT),
            &form.unknown_deployments,
            policies(tool, &platform.issuer, language),
        ),
        FormField::number("leewaySeconds", say(texts::LEEWAY), &form.leeway_seconds)
            .meaning(has(tool.leeway_seconds.to_string())),
        FormField::number("maxAgeSeconds", say(texts::MAX_AGE), &form.max_age_seconds)
            .meaning(has(tool.max_age_seconds.to_string())),
        FormField::choice(
            "anonymous",
            say(texts::ANONYMOUS),
            &form.anonymous,
            guests(tool, language),
        ),
        FormField::choice(
            "deepLinkingBy",
            say(texts::CHOOSING),
            &form.deep_linking_by,
            choosers(tool, language),
        ),
    ];
    fields
        .into_iter()
        .map(|field| field.checked(errors))
        .collect()
}

/// What to do about unknown deployments.
fn policies(tool: &LaunchRules, issuer: &str, language: Language) -> Vec<RuleChoice> {
    let of_tool = tool.unknown_deployments;
    let in_force = rule_of_tool(of_tool, issuer);
    let tools = match in_force {
        UnknownDeployments::Auto => texts::NEW_AUTO,
        UnknownDeployments::Pending => texts::NEW_PENDING,
        UnknownDeployments::Reject => texts::NEW_REJECT,
    };
    let own = [
        ("pending", texts::NEW_PENDING),
        ("auto", texts::NEW_AUTO),
        ("reject", texts::NEW_REJECT),
    ];
    let mut all = choices(tools, own, language);
    if in_force != of_tool
        && let Some((_, label)) = all.first_mut()
    {
        // The tool's settings say something else.
        texts::NEW_SHARED.to(language).clone_into(label);
    }
    all
}

/// Whether launches without a user are accepted.
fn guests(tool: &LaunchRules, language: Language) -> Vec<RuleChoice> {
    let tools = match tool.anonymous {
        Anonymous::Refuse => texts::DO_REFUSE,
        Anonymous::Allow => texts::DO_ALLOW,
    };
    let own = [("allow", texts::DO_ALLOW), ("refuse", texts::DO_REFUSE)];
    choices(tools, own, language)
}

/// Who may choose content.
fn choosers(tool: &LaunchRules, language: Language) -> Vec<RuleChoice> {
    let tools = match tool.deep_linking_by {
        DeepLinkingBy::Anyone => texts::BY_ANYONE,
        DeepLinkingBy::Staff => texts::BY_STAFF,
    };
    let own = [("anyone", texts::BY_ANYONE), ("staff", texts::BY_STAFF)];
    choices(tools, own, language)
}

/// A rule's choices: first the tool's setting, then the platform's own options.
fn choices<const N: usize>(
    tools: Text,
    own: [(&'static str, Text); N],
    language: Language,
) -> Vec<RuleChoice> {
    let as_tool = pages::AS_THE_TOOL.with("value", tools.to(language));
    let as_tool = ("", as_tool.to(language).into_owned());
    let own = own.map(|(value, text)| (value, text.to(language).to_owned()));
    [as_tool].into_iter().chain(own).collect()
}

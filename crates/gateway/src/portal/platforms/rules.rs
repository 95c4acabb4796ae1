//! `/portal/platforms/{id}/settings`: what the LMS told us about itself, and its own rules for
//! launches.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::Value;

use super::form::{ALGORITHMS, PlatformForm, RuleForm, version, whole};
use super::head::{self, PlatformHead, PlatformTab, address_of};
use super::in_use::works_today;
use super::slips::with_slips;
use crate::audit::AuditAction;
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
use crate::web::texts::{Phrase, Text, portal_pages as pages, portal_platforms as texts};

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
    /// Why nothing was saved, although nothing is wrong.
    warning: Option<String>,
    /// Whether that asks for a tick.
    asks_sure: bool,
    /// Stands for the settings that the page began with.
    version: String,
}

/// Why a page is shown again instead of saving what was sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NotSaved {
    /// Nothing was sent.
    Unasked,
    /// Something is wrong.
    Wrong,
    /// Its launches stop with another issuer or client id: a tick is asked for.
    WorksToday,
    /// The settings have changed since the page was opened.
    ChangedSince,
}

impl NotSaved {
    const fn status(self) -> StatusCode {
        match self {
            Self::Unasked => StatusCode::OK,
            Self::Wrong => StatusCode::BAD_REQUEST,
            Self::WorksToday | Self::ChangedSince => StatusCode::CONFLICT,
        }
    }

    fn warning(self, platform: &Platform) -> Option<Phrase> {
        match self {
            Self::Unasked | Self::Wrong => None,
            Self::WorksToday => Some(texts::WORKS_TODAY.with("name", &*platform.name)),
            Self::ChangedSince => Some(texts::CHANGED_SINCE.into()),
        }
    }
}

pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfPlatforms>,
    Path(id): Path<String>,
) -> PortalAnswer {
    let person = &who.person;
    let (platform, head) = head::open(&portal, person, &id, PlatformTab::Rules).await?;
    let there = format!("{}/settings", address_of(&head.id));
    let mut seen = version(&platform)?;
    let (form, rules) = if person.has_kept(&there) {
        let kept = |name: &str| person.kept(&there, name).map(str::to_owned);
        // What it was filled in on, however long it took to prove who the person is.
        seen = kept("version").unwrap_or(seen);
        (PlatformForm::sent(&kept), RuleForm::sent(&kept))
    } else {
        let stored = PlatformForm::stored(&platform);
        (stored, RuleForm::stored(&platform)?)
    };
    let filled = (form, rules, FormErrors::default());
    let of = (&platform, seen);
    send(&portal, person, of, head, filled, NotSaved::Unasked).await
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
    let current = version(&platform)?;
    if field("version").is_some_and(|seen| seen != current) {
        return changed_since(&portal, person, &id, (form, rules)).await;
    }
    let (before, tool) = (RuleForm::stored(&platform)?, &person.tool.settings.launch);
    let is_looser = rules.is_looser(&before, tool, &platform.issuer);
    if is_looser || form.is_another(&stored) {
        posted.confirmed(&portal, &there)?;
    }
    let is_asked = form.is_found_elsewhere(&stored) && field("sure").is_none();
    if is_asked && works_today(&portal, &platform).await? {
        let filled = (form, rules, FormErrors::default());
        let of = (&platform, current);
        return send(&portal, person, of, head, filled, NotSaved::WorksToday).await;
    }
    let before = whole(&platform)?;
    let mut after = form.to_members();
    rules.add_to(&mut after, &platform)?;
    let (room, tool_id) = (&portal.directory, &person.tool.id);
    let body = body_of(&Value::Object(after.clone()));
    let is_same = |other: &Platform| whole(other).is_ok_and(|other| other == before);
    match platforms_api::replace_if(room, tool_id, &head.id, &body, is_same).await {
        Ok(_) => {}
        Err(problem) if problem.is(&platforms_api::CHANGED) => {
            return changed_since(&portal, person, &id, (form, rules)).await;
        }
        Err(problem) => {
            let filled = (form, rules, FormErrors::of_problem(problem)?);
            let of = (&platform, current);
            return send(&portal, person, of, head, filled, NotSaved::Wrong).await;
        }
    }
    let entry = person
        .entry(AuditAction::PlatformChanged, &head.id)
        .named(&*platform.name)
        .before(before);
    portal.audit.write(&portal.db, entry.after(after)).await?;
    let saved = texts::SAVED.with("name", form.name.clone());
    portal.said(person, &there, &with_slips(&saved, &form, person.language))
}

/// What was sent, beside a platform that isn't any more as it was on the page. Sent again, it
/// counts.
async fn changed_since(
    portal: &Portal,
    person: &Person,
    id: &str,
    (form, rules): (PlatformForm, RuleForm),
) -> PortalAnswer {
    let (platform, head) = head::open(portal, person, id, PlatformTab::Rules).await?;
    let of = (&platform, version(&platform)?);
    let filled = (form, rules, FormErrors::default());
    send(portal, person, of, head, filled, NotSaved::ChangedSince).await
}

async fn send(
    portal: &Portal,
    person: &Person,
    (platform, version): (&Platform, String),
    head: PlatformHead,
    (form, rules, errors): (PlatformForm, RuleForm, FormErrors),
    why: NotSaved,
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
    let warning = why.warning(platform);
    let warning = warning.map(|says| says.to(person.language).into_owned());
    let frame = portal.frame(person, Nav::Platforms, texts::TITLE).await?;
    portal.send(
        why.status(),
        &frame,
        RulesPage {
            may_change: person.may_change::<OfPlatforms>(),
            fields: identity,
            rules: rules_fields,
            algorithms: ALGORITHMS.into_iter().map(ticked).collect(),
            origins: vec![origins],
            errors,
            warning,
            asks_sure: why == NotSaved::WorksToday,
            version,
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

//! `GET /portal/failures/{reference}`: one attempt, what to do about it, and texts to forward.

use askama::Template;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;

use super::advice::advice;
use super::picture::picture;
use super::remedy::RemedyOffer;
use super::walk::{WalkStep, walk};
use crate::directory::auth::WithApiKey;
use crate::portal::fact::Fact;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::person::Person;
use crate::portal::people::rights::OfFailures;
use crate::portal::platforms::address_of;
use crate::portal::query::{PageQuery, ms_of};
use crate::portal::room::Portal;
use crate::portal::short::bytes_on_page;
use crate::portal::signed_in::SignedIn;
use crate::portal::trace_lines::outcome_of;
use crate::traces::answer::Trace;
use crate::traces::api as traces;
use crate::web::language::Language;
use crate::web::meaning::Remedy;
use crate::web::problem::Problem;
use crate::web::texts::{Phrase, Text, for_lms, portal_failures as texts, portal_pages as pages};

/// How the names of LTI's claims begin. It says nothing, and would fill the page.
const SPECIFICATIONS: &str = "https://purl.imsglobal.org/spec/";

/// How many bytes of the page the names of claims may take.
const CLAIMS_BYTES: usize = 3_000;

/// A claim's name as it is shown.
fn shown_claim(name: String) -> String {
    match name.strip_prefix(SPECIFICATIONS) {
        Some(rest) => rest.to_owned(),
        None => name,
    }
}

/// Names of claims, as many as the page has room for.
fn shown_claims(names: Vec<String>) -> Vec<String> {
    let (mut shown, mut left) = (Vec::with_capacity(names.len()), CLAIMS_BYTES);
    for name in names.into_iter().map(shown_claim) {
        let Some(rest) = left.checked_sub(bytes_on_page(&name)) else {
            shown.push("…".to_owned());
            break;
        };
        left = rest;
        shown.push(name);
    }
    shown
}

/// A language for a text to forward.
pub(super) struct LanguageChoice {
    pub(super) tag: &'static str,
    pub(super) name: &'static str,
    pub(super) is_chosen: bool,
}

/// Every language, with the chosen one marked.
pub(super) fn languages(chosen: Language) -> Vec<LanguageChoice> {
    let name = |language| match language {
        Language::English => "English",
        Language::Spanish => "Español",
        Language::French => "Français",
        Language::German => "Deutsch",
        Language::Portuguese => "Português",
    };
    let choice = |language: Language| LanguageChoice {
        tag: language.tag(),
        name: name(language),
        is_chosen: language == chosen,
    };
    Language::ALL.into_iter().map(choice).collect()
}

/// The language for a text: the one in the query, or the page's.
pub(super) fn wanted(query: &PageQuery, person: &Person) -> Language {
    let asked = query.text("lang");
    let asked = asked.as_deref().and_then(Language::of_tag);
    asked.unwrap_or(person.language)
}

/// A platform that still exists.
struct TracePlatform {
    address: String,
    name: String,
}

#[derive(Template)]
#[template(path = "portal/trace.html")]
struct FailurePage<'a> {
    frame: &'a PortalFrame,
    reference: String,
    title: String,
    /// Whether it is a launch that was let in.
    went_on: bool,
    at: i64,
    kind: &'static str,
    word: String,
    platform: Option<TracePlatform>,
    /// The failure in words.
    failed: Option<String>,
    /// The same, if it has been mended since.
    at_that_time: String,
    /// Whether only the tool's operator can mend it, so that no letter to the LMS helps.
    is_ours_alone: bool,
    advice: String,
    remedy: RemedyOffer,
    /// The diagram as SVG.
    picture: String,
    steps: Vec<WalkStep>,
    facts: Vec<Fact>,
    /// The broken rule as the log has it, in English.
    technical: String,
    claims: Vec<String>,
    teacher: Option<String>,
    teacher_tag: &'static str,
    languages: Vec<LanguageChoice>,
}

/// An attempt of the person's tool.
///
/// # Errors
/// 404 with a page if there is none, or the store failed.
pub(super) async fn find(
    portal: &Portal,
    person: &Person,
    reference: String,
) -> Result<Option<Trace>, Problem> {
    let key = WithApiKey::granted(&person.tool);
    let found = traces::one(State(portal.traces.clone()), key, Path(reference)).await;
    match found {
        Ok(Json(trace)) => Ok(Some(trace)),
        Err(problem) if problem.status == StatusCode::NOT_FOUND => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// The page for a reference that finds nothing.
pub(super) async fn nothing(portal: &Portal, person: &Person) -> PortalAnswer {
    let says = [Phrase::from(texts::NOT_FOUND)];
    let title = texts::NOT_FOUND_TITLE;
    portal
        .message(person, StatusCode::NOT_FOUND, title, says)
        .await
}

pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfFailures>,
    Path(reference): Path<String>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let person = &who.person;
    let Some(trace) = find(&portal, person, reference).await? else {
        return nothing(&portal, person).await;
    };
    let language = person.language;
    let wanted = wanted(&PageQuery::new(query), person);
    let (kind, word) = outcome_of(&trace, language);
    let reason = trace.reason.as_ref();
    let failed = reason.map(|reason| reason.meaning.name.to(language).to_owned());
    // Those that went on are no failures.
    let is_launch = matches!(trace.kind.as_str(), "launch" | "studyreel");
    let went_on = trace.outcome == "accepted" && is_launch && failed.is_none();
    let (nav, title) = match went_on {
        true => (Nav::Platforms, texts::LAUNCH),
        false => (Nav::Failures, texts::ATTEMPT),
    };
    let frame = portal.frame(person, nav, texts::TITLE).await?;
    let title = title.with("reference", &*trace.id);
    let remedy = RemedyOffer::of(&portal, person, &trace).await?;
    // For users without a button or a page.
    let has_way = remedy.form.is_some() || !remedy.links.is_empty();
    let needs_advice = !has_way && !remedy.says_all && remedy.mended.is_none();
    let advised = reason.filter(|_| needs_advice);
    let at_that_time = |failed: &String| frame.phrase(texts::AT_THAT_TIME.with("failed", failed));
    let page = FailurePage {
        is_ours_alone: reason.is_some_and(|reason| reason.meaning.for_lms == for_lms::OPERATOR),
        title: title.to(language).into_owned(),
        went_on,
        at: trace.at.as_deref().map_or(0, ms_of),
        kind,
        word,
        at_that_time: failed.as_ref().map_or_else(String::new, at_that_time),
        failed,
        advice: advised.map_or_else(String::new, |reason| advice(reason, language)),
        technical: reason.map_or_else(String::new, |reason| reason.text.clone()),
        remedy,
        picture: picture(&trace, language),
        steps: walk(&trace, language),
        facts: facts(&trace, language),
        teacher: for_the_teacher(&trace, person, wanted),
        teacher_tag: wanted.tag(),
        languages: languages(wanted),
        platform: platform_of(&trace),
        reference: trace.id,
        claims: shown_claims(trace.claims),
        frame: &frame,
    };
    portal.send(StatusCode::OK, &frame, page)
}

fn platform_of(trace: &Trace) -> Option<TracePlatform> {
    let platform = trace.platform.as_ref()?;
    Some(TracePlatform {
        address: address_of(&platform.id),
        name: platform.name.clone()?,
    })
}

/// A text for a teacher, in their language. Platforms and deployments mean nothing to them.
fn for_the_teacher(trace: &Trace, person: &Person, language: Language) -> Option<String> {
    let meaning = trace.reason.as_ref()?.meaning;
    let (reason, more) = match meaning.remedy {
        Remedy::Activate | Remedy::AllowDeployment | Remedy::EnterDeployment => {
            (texts::TEACHER_NOT_ALLOWED, Some(texts::TEACHER_OURS))
        }
        Remedy::NewWindow | Remedy::ListOrigin => (meaning.name, Some(texts::TEACHER_WINDOW)),
        Remedy::NearestPlatform => (texts::TEACHER_NOT_CONNECTED, Some(texts::TEACHER_FORWARD)),
        Remedy::Leeway => (texts::TEACHER_CLOCK, Some(texts::TEACHER_RETRY)),
        Remedy::FetchKeys | Remedy::PlatformSettings | Remedy::ComparePlatform => {
            (meaning.name, Some(texts::TEACHER_FORWARD))
        }
        Remedy::Nothing if meaning.for_lms == for_lms::AGAIN => {
            (meaning.name, Some(texts::TEACHER_AGAIN))
        }
        _ => (meaning.name, None),
    };
    let says = texts::TEACHER_SAYS
        .with("tool", person.tool.name_in(language))
        .with("reason", reason.to(language))
        .with("reference", &*trace.id);
    let mut says = says.to(language).into_owned();
    if let Some(more) = more {
        says.push(' ');
        says.push_str(more.to(language));
    }
    Some(says)
}

/// What tied the launch to the browser of its login, in words.
fn bound_by(name: &str, language: Language) -> String {
    let text = match name {
        "cookie" => texts::BOUND_COOKIE,
        "partitioned cookie" => texts::BOUND_PARTITIONED,
        "developer cookie" => texts::BOUND_DEVELOPER,
        "platform storage" => texts::BOUND_STORAGE,
        "none" => texts::BOUND_BY_NOTHING,
        other => return other.to_owned(),
    };
    text.to(language).to_owned()
}

/// Issuer and client id as they were sent, and as they are registered here if they differ; if
/// nothing was refused for them, as they are registered.
fn parties(trace: &Trace, language: Language) -> [(Text, Option<String>); 4] {
    let platform = trace.platform.as_ref();
    let issuer = platform.and_then(|platform| platform.issuer.clone());
    let client_id = platform.and_then(|platform| platform.client_id.clone());
    if trace.kind != "login" || trace.issuer.is_none() {
        return [
            (texts::FACT_ISSUER, trace.issuer.clone().or(issuer)),
            (texts::FACT_CLIENT, trace.client_id.clone().or(client_id)),
            (texts::FACT_ISSUER_HERE, None),
            (texts::FACT_CLIENT_HERE, None),
        ];
    }
    let not_sent = || texts::NOT_SENT.to(language).to_owned();
    let sent_id = trace.client_id.clone().unwrap_or_else(not_sent);
    let issuer_here = issuer.filter(|issuer| trace.issuer.as_ref() != Some(issuer));
    let client_here = client_id.filter(|id| *id != sent_id);
    [
        (texts::FACT_ISSUER, trace.issuer.clone()),
        (texts::FACT_ISSUER_HERE, issuer_here),
        (texts::FACT_CLIENT, Some(sent_id)),
        (texts::FACT_CLIENT_HERE, client_here),
    ]
}

/// The facts about an attempt. None of them concerns a person.
pub(super) fn facts(trace: &Trace, language: Language) -> Vec<Fact> {
    let clock = trace.skew_seconds.map(|skew| {
        let text = if skew < 0 {
            texts::CLOCK_BEHIND
        } else {
            texts::CLOCK_AHEAD
        };
        let seconds = skew.unsigned_abs().to_string();
        text.with("seconds", seconds).to(language).into_owned()
    });
    let reason = trace.reason.as_ref();
    let refused = [
        (texts::FACT_CODE, reason.map(|reason| reason.code.clone())),
        (
            texts::FACT_STATUS,
            trace.status.map(|status| status.to_string()),
        ),
    ];
    let rest = [
        (texts::FACT_DEPLOYMENT, trace.deployment_id.clone()),
        (texts::FACT_MESSAGE, trace.message_type.clone()),
        (texts::FACT_CLOCK, clock),
        (texts::FACT_BROWSER, trace.browser.map(str::to_owned)),
        (
            texts::FACT_KNOWN_BY,
            trace.binding.map(|name| bound_by(name, language)),
        ),
        (texts::FACT_KEY, trace.kid.clone()),
        (texts::FACT_KEY_SET, trace.key_set_url.clone()),
        (texts::FACT_FRAME, trace.frame_origin_not_listed.clone()),
        (
            texts::FACT_CAUSE,
            reason.and_then(|reason| reason.cause.clone()),
        ),
        (texts::FACT_MORE, trace.more.map(|more| more.to_string())),
    ];
    let parties = parties(trace, language);
    Fact::known(refused.into_iter().chain(parties).chain(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_shown_without_what_they_all_begin_with() {
        for (name, shown) in [
            (
                "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint",
                "lti-ags/claim/endpoint",
            ),
            ("https://lms.example/claim", "https://lms.example/claim"),
            ("sub", "sub"),
        ] {
            assert_eq!(shown_claim(name.to_owned()), shown);
        }
    }

    #[test]
    fn claims_stop_where_the_page_has_no_more_room() {
        let few = vec!["sub".to_owned(), "aud".to_owned()];
        assert_eq!(shown_claims(few.clone()), few);
        let shown = shown_claims(vec!["\"".repeat(100); 64]);
        assert_eq!(shown.len(), 7);
        assert_eq!(shown.last().map(String::as_str), Some("…"));
    }
}

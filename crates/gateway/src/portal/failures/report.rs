//! `GET /portal/failures/{reference}/report`: a text for the LMS's administrator, in any of our
//! languages. It contains nothing about a person (portal.md PO-7).

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;

use super::one::{LanguageChoice, facts, find, languages, nothing, wanted};
use crate::portal::fact::{Fact, exact};
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::OfFailures;
use crate::portal::query::PageQuery;
use crate::portal::room::Portal;
use crate::portal::signed_in::SignedIn;
use crate::traces::answer::Trace;
use crate::web::language::Language;
use crate::web::meaning::Meaning;
use crate::web::texts::{Text, portal_failures as texts, portal_pages as pages};

#[derive(Template)]
#[template(path = "portal/trace_report.html")]
struct ReportPage<'a> {
    frame: &'a PortalFrame,
    /// The report's language, which may differ from the page's.
    language: Language,
    languages: Vec<LanguageChoice>,
    reference: String,
    at: String,
    heading: String,
    to: String,
    what: String,
    advice: &'static str,
    /// The broken rule as the log has it, in English.
    technical: String,
    facts: Vec<Fact>,
}

impl ReportPage<'_> {
    /// The text in the report's language.
    fn tell(&self, text: impl std::borrow::Borrow<Text>) -> &'static str {
        text.borrow().to(self.language)
    }
}

/// What happened, for someone who has never seen this program.
fn what_happened(trace: &Trace, meaning: Meaning, tool: &str, language: Language) -> String {
    let text = match trace.kind.as_str() {
        "registration" => texts::REPORT_REGISTERING,
        _ => texts::REPORT_OPENING,
    };
    let reason = meaning.name.to(language);
    let says = text.with("tool", tool).with("reason", reason);
    says.to(language).into_owned()
}

pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfFailures>,
    Path(reference): Path<String>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let person = &who.person;
    let trace = find(&portal, person, reference).await?;
    let Some((trace, reason)) = trace.and_then(|mut trace| {
        let reason = trace.reason.take()?;
        Some((trace, reason))
    }) else {
        return nothing(&portal, person).await;
    };
    let language = wanted(&PageQuery::new(query), person);
    let platform = trace.platform.as_ref();
    let name = platform.and_then(|platform| platform.name.clone());
    let name = name.or_else(|| trace.issuer.clone()).unwrap_or_default();
    let to = texts::REPORT_HEAD
        .with("platform", name)
        .with("tool", person.tool.name_in(language));
    let mut facts = facts(&trace, language);
    facts.insert(
        0,
        Fact {
            name: texts::FACT_CODE,
            value: reason.code.clone(),
        },
    );
    let frame = portal.frame(person, Nav::Failures, texts::REPORT).await?;
    let page = ReportPage {
        languages: languages(language),
        at: trace.at.as_deref().map_or_else(String::new, exact),
        heading: reason.meaning.name.to(language).to_owned(),
        to: to.to(language).into_owned(),
        what: what_happened(
            &trace,
            reason.meaning,
            person.tool.name_in(language),
            language,
        ),
        advice: reason.meaning.for_lms.to(language),
        technical: reason.text,
        reference: trace.id,
        frame: &frame,
        language,
        facts,
    };
    portal.send(StatusCode::OK, &frame, page)
}

//! `GET /portal/connect/{lms}`: the steps in one LMS, and what was seen of it. It ends when a launch was seen (portal.md
//! PO-4).

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;

use super::lms::{Lms, lms_of};
use super::progress::{ConnectProgress, Sought, look};
use super::steps::{Copied, LmsStep};
use crate::directory::tools::Tool;
use crate::kit::id::is_id;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::person::Person;
use crate::portal::people::rights::OfPlatforms;
use crate::portal::query::{PageQuery, address};
use crate::portal::room::Portal;
use crate::portal::signed_in::SignedIn;
use crate::web::language::Language;
use crate::web::texts::{Text, portal_connect as texts, portal_pages as pages};

/// How far back a platform is looked for if the page doesn't say.
const HOUR_MS: i64 = 60 * 60 * 1000;

/// An address of ours, to be copied.
struct CopyLine {
    id: String,
    label: Text,
    value: String,
}

/// A step as it stands on the page.
struct StepLine {
    says: String,
    copies: Vec<CopyLine>,
}

#[derive(Template)]
#[template(path = "portal/connect_lms.html")]
struct WizardPage<'a> {
    frame: &'a PortalFrame,
    code: &'static str,
    title: String,
    may_change: bool,
    steps: Vec<StepLine>,
    /// Whether the address for registering without an invitation is shown.
    is_open: bool,
    progress: ConnectProgress,
    /// This page, with what it looks for.
    here: String,
    letter: String,
}

/// The name of an LMS in a language.
pub(super) fn name_of(lms: &Lms, language: Language) -> String {
    match lms.name {
        "" => texts::OTHER.to(language).to_owned(),
        name => name.to_owned(),
    }
}

/// The page.
pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfPlatforms>,
    Path(code): Path<String>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let person = &who.person;
    let language = person.language;
    let lms = lms_of(&code);
    let query = PageQuery::new(query);
    let since = query.text("since").and_then(|since| since.parse().ok());
    let since: i64 = since.unwrap_or_else(|| portal.clock.now_ms() - HOUR_MS);
    let platform = query.text("platform").filter(|id| is_id(id));
    let sought = Sought {
        since: since - 1,
        platform,
    };
    let progress = look(&portal, &person.tool.id, &sought).await?;
    let settings = &person.tool.settings.registration;
    let platform_id = progress.platform.as_ref().map(|seen| &*seen.id);
    let ours = OurAddresses::new(&portal, &person.tool, platform_id);
    let lines = lms.steps.iter().enumerate();
    let steps = lines.map(|(place, step)| line_of(place, step, &ours, language));
    let title = texts::TITLE_ONE.with("lms", name_of(lms, language));
    let since = since.to_string();
    let parameters = [
        ("since", Some(since.as_str())),
        ("platform", sought.platform.as_deref()),
    ];
    let here = address(&format!("/portal/connect/{}", lms.code), &parameters);
    let frame = portal.frame(person, Nav::Platforms, texts::TITLE).await?;
    let page = WizardPage {
        code: lms.code,
        title: title.to(language).into_owned(),
        may_change: person.may_change::<OfPlatforms>(),
        steps: steps.collect(),
        is_open: settings.enabled && settings.open,
        letter: letter(person, &ours.registration),
        frame: &frame,
        progress,
        here,
    };
    portal.send(StatusCode::OK, &frame, page)
}

fn letter(person: &Person, url: &str) -> String {
    let letter = texts::LETTER
        .with("tool", person.tool.name_in(person.language))
        .with("url", url);
    letter.to(person.language).into_owned()
}

/// The addresses that an LMS may ask for: those of this platform, if it is known.
struct OurAddresses {
    registration: String,
    login: String,
    launch: String,
    keys: String,
    canvas: String,
}

impl OurAddresses {
    fn new(portal: &Portal, tool: &Tool, platform_id: Option<&str>) -> Self {
        let suffix = platform_id.map_or_else(String::new, |id| format!("/{id}"));
        Self {
            registration: portal.address(tool, "/lti/register"),
            login: portal.address(tool, &format!("/lti/login{suffix}")),
            launch: portal.address(tool, "/lti/launch"),
            keys: portal.address(tool, &format!("/lti/keys{suffix}")),
            canvas: portal.address(tool, "/register/canvas"),
        }
    }

    fn copied(&self, copied: Copied) -> Vec<(Text, &String)> {
        match copied {
            Copied::Nothing => Vec::new(),
            Copied::RegistrationUrl => vec![(texts::REGISTRATION_URL, &self.registration)],
            Copied::CanvasUrl => vec![(texts::CANVAS_URL, &self.canvas)],
            Copied::LaunchUrl => vec![(pages::LAUNCH_URL, &self.launch)],
            Copied::OurAddresses => vec![
                (pages::LOGIN_URL, &self.login),
                (pages::LAUNCH_URL, &self.launch),
                (pages::KEYSET_URL, &self.keys),
            ],
        }
    }
}

fn line_of(place: usize, step: &LmsStep, ours: &OurAddresses, language: Language) -> StepLine {
    let copies = ours.copied(step.copied).into_iter().enumerate();
    let copies = copies.map(|(number, (label, value))| CopyLine {
        id: format!("step-{place}-{number}"),
        value: value.clone(),
        label,
    });
    StepLine {
        says: step.sentence(language),
        copies: copies.collect(),
    }
}

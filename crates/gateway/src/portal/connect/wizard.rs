//! `GET /portal/connect/{lms}`: the steps for one LMS, and what we have seen of it. The wizard is
//! done once we have seen a launch (portal.md PO-4).

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;

use super::address::{by_hand_of, since_in, wizard_of};
use super::invites::InviteForm;
use super::letter::letter;
use super::lms::{Lms, lms_of};
use super::ours::{OurAddresses, only_here};
use super::progress::{ConnectProgress, SeenPlatform, look};
use super::step::{CopiedAddress, LmsStep, StepPiece};
use super::steps::{ACTIVATE_HERE, ENTER_BY_HAND};
use super::stored::ProgressQuery;
use super::url_way::{UrlWay, UrlWayLink, activates_at_once};
use crate::directory::tools::Tool;
use crate::directory::unknown_deployments::rule_of_tool;
use crate::kit::id::is_id;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::OfPlatforms;
use crate::portal::query::PageQuery;
use crate::portal::room::Portal;
use crate::portal::short::short_id;
use crate::portal::signed_in::SignedIn;
use crate::settings::launch::UnknownDeployments;
use crate::web::language::Language;
use crate::web::redirect::see_other_here;
use crate::web::texts::{Text, portal_connect as texts, portal_pages as pages};

/// An address of ours to copy.
struct CopyLine {
    id: String,
    label: Text,
    value: String,
}

/// A step on the page.
struct StepLine {
    pieces: Vec<StepPiece>,
    copies: Vec<CopyLine>,
    /// Where registration by URL can be made to work if no address can be copied, or where the step
    /// continues.
    link: Option<UrlWayLink>,
    /// The link to the alternative; empty for all other steps.
    other_way: Vec<StepPiece>,
    is_by_hand: bool,
}

/// A platform that may be the one meant.
struct WhichPlatform {
    name: String,
    host: String,
    /// This page, showing that platform.
    address: String,
}

/// The alternative for an LMS that lacks what the usual steps need.
struct OtherWayLines {
    when: Vec<StepPiece>,
    steps: Vec<StepLine>,
}

#[derive(Template)]
#[template(path = "portal/connect_lms.html")]
struct WizardPage<'a> {
    frame: &'a PortalFrame,
    code: &'static str,
    title: String,
    may_change: bool,
    may_enter: bool,
    steps: Vec<StepLine>,
    /// Whether the addresses to copy are others than before the platform was known.
    has_own_addresses: bool,
    other_way: Option<OtherWayLines>,
    /// What happens to deployments that aren't known yet, unless they are let in.
    note: Option<Text>,
    /// Whether the link of an invitation would work.
    may_invite: bool,
    invite: InviteForm,
    /// A warning if no LMS elsewhere can reach us.
    only_here: Option<String>,
    /// A letter to the LMS's administrator.
    letter: Option<String>,
    progress: ConnectProgress,
    which: Vec<WhichPlatform>,
    /// What comes next in the LMS, where we can't see it.
    next_there: Option<String>,
    /// This page, with what it looks for.
    here: String,
    /// This page, with the platform that one of its forms acted on.
    next: String,
    /// The address of the form for a registration by hand.
    by_hand: String,
}

/// The LMS's name in a language.
pub(super) fn name_of(lms: &Lms, language: Language) -> String {
    match lms.name {
        "" => texts::OTHER.to(language).to_owned(),
        name => name.to_owned(),
    }
}

/// The page looks for platforms from when it is first opened, unless its address says since when.
/// It shows everything about a platform that the address names
/// (docs/decisions/0378-the-wizard-takes-no-lms-for-its-own.md).
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
    let since = since_in(&query);
    let platform = query.text("platform").filter(|id| is_id(id));
    if since.is_none() && platform.is_none() {
        let now = portal.clock.now_ms();
        let there = person.kept.along(wizard_of(lms, Some(now), None));
        return Ok(see_other_here(&there)?);
    }
    let here = wizard_of(lms, since, platform.as_deref());
    let sought = ProgressQuery {
        since: since.unwrap_or_default(),
        platform,
        lms,
    };
    let progress = look(&portal, &person.tool.id, &sought).await?;
    let way = UrlWay::of(&person.tool);
    // Only about a named platform: one that merely appeared may be another school's.
    let seen = progress.platform.as_ref();
    let named = seen.filter(|_| sought.platform.is_some());
    let platform_id = named.map(|seen| &*seen.id);
    let ours = OurAddresses::new(&portal, &person.tool, platform_id);
    let may_change = person.may_change::<OfPlatforms>();
    // The usual steps would register it once more.
    let is_by_hand = named.is_some() && progress.is_by_hand && lms.registers_by_url();
    // Nothing is left to ask anyone for.
    let is_open = !progress.is_done && !is_by_hand;
    let letter = letter(lms, &person.tool, &ours, client_id_of(named), language);
    let frame = portal.frame(person, Nav::Platforms, texts::TITLE).await?;
    let page = WizardPage {
        code: lms.code,
        title: title_of(lms, language),
        steps: steps_of(lms, &ours, &person.tool, is_by_hand, language),
        has_own_addresses: named.is_some() && (is_by_hand || copies_login(lms)),
        other_way: other_way_of(lms, &ours, way, language).filter(|_| !is_by_hand),
        note: note_of(lms, &person.tool).filter(|_| !progress.is_done),
        invite: InviteForm::of(person, lms),
        may_invite: is_open && may_change && way.takes_invitations() && lms.registers_by_url(),
        may_enter: is_open && may_change,
        may_change,
        only_here: only_here(&portal, &person.tool, language).filter(|_| !progress.is_done),
        letter: letter.filter(|_| is_open),
        which: which(lms, since, &progress),
        next_there: next_there(&progress, has_own_step(&person.tool), language),
        next: wizard_of(lms, since, seen.map(|seen| &*seen.id)),
        frame: &frame,
        progress,
        by_hand: by_hand_of(lms, since),
        here,
    };
    portal.send(StatusCode::OK, &frame, page)
}

/// Whether a step shows our address for logins, which each platform has for itself.
fn copies_login(lms: &Lms) -> bool {
    let other = lms.other_way.map_or(&[][..], |other| other.steps);
    let mut steps = lms.steps.iter().chain(other);
    steps.any(|step| step.copied == CopiedAddress::OurAddresses)
}

fn title_of(lms: &Lms, language: Language) -> String {
    match lms.name {
        "" => texts::TITLE_OTHER.to(language).to_owned(),
        name => texts::TITLE_ONE.with("lms", name).to(language).into_owned(),
    }
}

fn client_id_of(platform: Option<&SeenPlatform>) -> Option<&str> {
    platform.map(|platform| &*platform.client_id)
}

/// Whether activating the platform here is a step.
fn has_own_step(tool: &Tool) -> bool {
    UrlWay::of(tool) != UrlWay::Open || !activates_at_once(tool)
}

/// What happens to deployments that aren't known yet, unless they are let in.
fn note_of(lms: &Lms, tool: &Tool) -> Option<Text> {
    match rule_of_tool(tool.settings.launch.unknown_deployments, lms.shared.issuer) {
        UnknownDeployments::Auto => None,
        UnknownDeployments::Pending => Some(texts::NOTE_PENDING),
        UnknownDeployments::Reject => Some(texts::NOTE_REJECT),
    }
}

/// What comes next in the LMS, where we can't see it: the step that switches the tool on, if there
/// is one.
fn next_there(
    progress: &ConnectProgress,
    has_own_step: bool,
    language: Language,
) -> Option<String> {
    let is_active = progress.platform.is_some() && !progress.can_activate && !progress.is_done;
    let index = progress.switches_on_at;
    match index.filter(|_| is_active && !progress.is_by_hand) {
        Some(index) => {
            let number = index + 1 + usize::from(has_own_step);
            let says = texts::SWITCH_ON_NEXT.with("number", number.to_string());
            Some(says.to(language).into_owned())
        }
        None if progress.waits == texts::WAITS_THERE => {
            Some(texts::OPEN_NEXT.to(language).to_owned())
        }
        None => None,
    }
}

/// The candidates, each with a link to the page that looks for it.
fn which(lms: &Lms, since: Option<i64>, progress: &ConnectProgress) -> Vec<WhichPlatform> {
    let choices = progress.choices.iter().map(|seen| WhichPlatform {
        name: seen.name.clone(),
        host: seen.host.clone(),
        address: wizard_of(lms, since, Some(&seen.id)),
    });
    choices.collect()
}

fn steps_of(
    lms: &Lms,
    ours: &OurAddresses,
    tool: &Tool,
    is_by_hand: bool,
    language: Language,
) -> Vec<StepLine> {
    if is_by_hand {
        return steps_by_hand(lms, ours, language);
    }
    let way = UrlWay::of(tool);
    let mut lines = lines_of("step", lms.steps.iter(), ours, way, language);
    if let Some(other) = lms.other_way
        && let Some(line) = lines.get_mut(other.instead_of)
    {
        line.other_way = other.when.pieces(language);
    }
    let needs_url = |step: &LmsStep| step.copied == CopiedAddress::RegistrationUrl;
    let url = lms.steps.iter().position(needs_url);
    if let Some(index) = url.filter(|_| !way.takes_invitations()) {
        // Without a URL, the others can't be followed.
        lines.truncate(index + 1);
        return lines;
    }
    let registers = lms.steps.iter().position(|step| step.registers);
    if let Some(index) = registers.filter(|_| has_own_step(tool)) {
        let activates = StepLine {
            pieces: ACTIVATE_HERE.pieces(language),
            copies: Vec::new(),
            link: Some(UrlWayLink {
                address: "#seen",
                label: texts::SEEN,
            }),
            other_way: Vec::new(),
            is_by_hand: false,
        };
        lines.insert(index + 1, activates);
    }
    lines
}

/// The steps for a platform that was entered by hand, of an LMS that usually registers by URL:
/// those of its other way, or else those after the registration.
fn steps_by_hand(lms: &Lms, ours: &OurAddresses, language: Language) -> Vec<StepLine> {
    let way = UrlWay::Open;
    if let Some(other) = lms.other_way {
        let steps = other.steps.iter().filter(|step| !step.is_by_hand);
        return lines_of("step", steps, ours, way, language);
    }
    let registers = lms.steps.iter().position(|step| step.registers);
    let rest = lms.steps.iter().skip(registers.map_or(0, |at| at + 1));
    // A tool that was configured by hand in Moodle is active at once: its card has no button.
    let rest = rest.filter(|step| step.says != texts::STEP_CARD);
    let steps = std::iter::once(&ENTER_BY_HAND).chain(rest);
    lines_of("step", steps, ours, way, language)
}

fn other_way_of(
    lms: &Lms,
    ours: &OurAddresses,
    way: UrlWay,
    language: Language,
) -> Option<OtherWayLines> {
    lms.other_way.map(|other| OtherWayLines {
        when: other.when.pieces(language),
        steps: lines_of("other", other.steps.iter(), ours, way, language),
    })
}

/// The steps on the page. What can be copied there gets ids that begin with `list`.
fn lines_of(
    list: &str,
    steps: impl Iterator<Item = &'static LmsStep>,
    ours: &OurAddresses,
    way: UrlWay,
    language: Language,
) -> Vec<StepLine> {
    let lines = steps.enumerate().map(|(index, step)| {
        let needs_url = step.copied == CopiedAddress::RegistrationUrl;
        if let Some((says, link)) = way.instead().filter(|_| needs_url) {
            return StepLine {
                pieces: LmsStep::new(says, &[]).pieces(language),
                copies: Vec::new(),
                link: Some(link),
                other_way: Vec::new(),
                is_by_hand: false,
            };
        }
        let copies = ours.copied(step.copied).into_iter().enumerate();
        let copies = copies.map(|(number, (label, value))| CopyLine {
            id: format!("{list}-{index}-{number}"),
            value: value.clone(),
            label,
        });
        StepLine {
            pieces: step.pieces(language),
            copies: copies.collect(),
            link: None,
            other_way: Vec::new(),
            is_by_hand: step.is_by_hand,
        }
    });
    lines.collect()
}

//! The remedy for a failure: one click, if that is enough; nothing more if it has been applied
//! since.

use store::platforms::KeyMethod;

use super::clock::{ClockTolerance, leeway_of};
use super::mended::{MendedFailure, mended, traced_platform};
use super::near::ComparedValue;
use crate::portal::people::person::Person;
use crate::portal::people::rights::OfPlatforms;
use crate::portal::platforms::address_of;
use crate::portal::room::Portal;
use crate::traces::answer::Trace;
use crate::web::language::Language;
use crate::web::meaning::{Meaning, Remedy};
use crate::web::problem::Problem;
use crate::web::texts::{Text, portal_failures as texts};

/// A form with one button.
pub(super) struct RemedyForm {
    pub(super) action: String,
    pub(super) fields: Vec<(&'static str, String)>,
    pub(super) label: String,
}

/// A link to the page where it can be remedied.
pub(super) struct RemedyLink {
    pub(super) address: String,
    pub(super) label: String,
}

/// What can be done about a failure.
#[derive(Default)]
pub(super) struct RemedyOffer {
    /// What to do, in a sentence.
    pub(super) says: String,
    /// `None` for people who may not change platforms.
    pub(super) form: Option<RemedyForm>,
    /// What to check before the button is pressed.
    pub(super) caution: Option<String>,
    pub(super) links: Vec<RemedyLink>,
    /// What was sent, beside the registration that was probably meant.
    pub(super) compared: Vec<ComparedValue>,
    /// Whether [`Self::says`] is all there is to do, so that no further advice is needed.
    pub(super) says_all: bool,
    /// What has been mended since, in words. Nothing else is offered then.
    pub(super) mended: Option<String>,
}

impl RemedyOffer {
    /// Chosen by the reason's remedy, the facts in the trace, and the present state. A remedy at a
    /// platform is offered only if the platform still exists.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn of(
        portal: &Portal,
        person: &Person,
        trace: &Trace,
    ) -> Result<Self, Problem> {
        let Some(reason) = &trace.reason else {
            return Ok(Self::default());
        };
        let (meaning, language) = (reason.meaning, person.language);
        if let Some(MendedFailure { says, platform_id }) = mended(portal, person, trace).await? {
            let link = link(&address_of(&platform_id), texts::MENDED_WHERE, language);
            return Ok(Self {
                mended: Some(says.to(language).to_owned()),
                links: vec![link],
                ..Self::default()
            });
        }
        let mut offer = match meaning.remedy {
            Remedy::NearestPlatform => Self::near(portal, person, trace).await?,
            Remedy::ComparePlatform => Self::own(portal, person, trace).await?,
            Remedy::Leeway => Self::for_clock(portal, person, trace).await?,
            Remedy::FetchKeys => Self::for_keys(portal, person, trace).await?,
            remedy => Self::at_platform(remedy, trace, person),
        };
        if offer.says.is_empty() {
            offer.says = match meaning.remedy {
                Remedy::FetchKeys => keys_say(portal, trace).await?.to(language).to_owned(),
                _ => says(meaning, language),
            };
        }
        Ok(offer)
    }

    fn at_platform(remedy: Remedy, trace: &Trace, person: &Person) -> Self {
        let language = person.language;
        if remedy == Remedy::ToolSettings {
            return Self::leading("/portal/settings", texts::FIX_TOOL_SETTINGS, language);
        }
        let platform = trace.platform.as_ref();
        let Some(platform) = platform.filter(|platform| platform.name.is_some()) else {
            return Self::default();
        };
        let there = address_of(&platform.id);
        if let Some(form) = form_for(remedy, trace, language) {
            let action = format!("{there}{}", form.action);
            let may_change = person.may_change::<OfPlatforms>();
            // Keys that don't come, or not the right ones, have another address.
            let settings = (remedy == Remedy::FetchKeys)
                .then(|| link(&format!("{there}/settings"), texts::FIX_SETTINGS, language));
            return Self {
                form: may_change.then_some(RemedyForm { action, ..form }),
                links: settings.into_iter().collect(),
                ..Self::default()
            };
        }
        match remedy {
            Remedy::BlockedPeople => {
                Self::leading(&format!("{there}/blocked"), texts::FIX_BLOCKED, language)
            }
            Remedy::PlatformSettings => {
                Self::leading(&format!("{there}/settings"), texts::FIX_SETTINGS, language)
            }
            _ => Self::default(),
        }
    }

    /// Fetching the platform's keys again, or else only the settings, in which a key was pasted.
    async fn for_keys(portal: &Portal, person: &Person, trace: &Trace) -> Result<Self, Problem> {
        let offer = Self::at_platform(Remedy::FetchKeys, trace, person);
        let platform = traced_platform(portal, person, trace).await?;
        let has_set = platform.is_some_and(|found| found.key_method == KeyMethod::JwkSet);
        Ok(Self {
            form: offer.form.filter(|_| has_set),
            ..offer
        })
    }

    /// A leeway for the platform's clock, or else what is to be done to the clock.
    async fn for_clock(portal: &Portal, person: &Person, trace: &Trace) -> Result<Self, Problem> {
        let Some(platform) = traced_platform(portal, person, trace).await? else {
            return Ok(Self::default());
        };
        let (language, there) = (person.language, address_of(&platform.id));
        Ok(match ClockTolerance::of(trace, person, &platform) {
            // A shorter one than now would be stricter.
            ClockTolerance::Leeway(seconds) if seconds > leeway_of(&platform, person) => {
                let form = leeway(seconds, &there, trace, language);
                Self {
                    form: person.may_change::<OfPlatforms>().then_some(form),
                    ..Self::default()
                }
            }
            ClockTolerance::TooFar { skew, most } => {
                let text = match skew < 0 {
                    true => texts::DO_SET_SLOW,
                    false => texts::DO_SET_FAST,
                };
                let says = text
                    .with("seconds", skew.unsigned_abs().to_string())
                    .with("most", most.to_string());
                Self {
                    says: says.to(language).into_owned(),
                    says_all: true,
                    ..Self::default()
                }
            }
            ClockTolerance::Leeway(_) | ClockTolerance::Granted | ClockTolerance::Unknown => {
                Self::leading(&format!("{there}/settings"), texts::FIX_SETTINGS, language)
            }
        })
    }

    fn leading(address: &str, label: Text, language: Language) -> Self {
        Self {
            links: vec![link(address, label, language)],
            ..Self::default()
        }
    }
}

/// Sets the platform's leeway.
fn leeway(seconds: i64, there: &str, trace: &Trace, language: Language) -> RemedyForm {
    let seconds = seconds.to_string();
    let label = texts::FIX_LEEWAY.with("seconds", &*seconds);
    RemedyForm {
        action: format!("{there}/leeway"),
        fields: vec![
            ("seconds", seconds),
            ("next", format!("/portal/failures/{}", trace.id)),
        ],
        label: label.to(language).into_owned(),
    }
}

pub(super) fn link(address: &str, label: Text, language: Language) -> RemedyLink {
    RemedyLink {
        address: address.to_owned(),
        label: label.to(language).to_owned(),
    }
}

/// What to do about keys, as far as this server knows them by now.
async fn keys_say(portal: &Portal, trace: &Trace) -> Result<Text, Problem> {
    let Some(traced) = &trace.platform else {
        return Ok(texts::DO_FETCH_KEYS);
    };
    let Some(platform) = portal.directory.platforms.by_id(&traced.id).await? else {
        return Ok(texts::DO_FETCH_KEYS);
    };
    if platform.key_method != KeyMethod::JwkSet {
        return Ok(texts::DO_SETTINGS);
    }
    let code = trace.reason.as_ref().map_or("", |reason| &*reason.code);
    let kid = trace.kid.as_ref().filter(|_| code == "KID_UNKNOWN");
    let has = kid.and_then(|kid| portal.directory.platform_keys.has(&platform, kid));
    let address = trace.key_set_url.as_ref();
    Ok(match has {
        Some(false) => texts::DO_KEY_MISSING,
        _ if address.is_some_and(|address| *address != platform.key_value) => texts::DO_KEYS_MOVED,
        _ => texts::DO_FETCH_KEYS,
    })
}

/// What to do, in a sentence.
fn says(meaning: Meaning, language: Language) -> String {
    let text = match meaning.remedy {
        Remedy::Activate => texts::DO_ACTIVATE,
        Remedy::AllowDeployment | Remedy::EnterDeployment => texts::DO_DEPLOYMENT,
        Remedy::Leeway => texts::DO_LEEWAY,
        Remedy::FetchKeys => texts::DO_FETCH_KEYS,
        Remedy::ListOrigin => texts::DO_ORIGIN,
        Remedy::BlockedPeople => texts::DO_BLOCKED,
        Remedy::PlatformSettings => texts::DO_SETTINGS,
        Remedy::ComparePlatform => texts::DO_COMPARE,
        Remedy::ToolSettings => texts::DO_TOOL_SETTINGS,
        Remedy::NearestPlatform => texts::DO_NEAREST,
        Remedy::NewWindow | Remedy::Nothing => {
            let there = meaning.for_lms.to(language);
            let says = texts::DO_THERE.with("says", there);
            return says.to(language).into_owned();
        }
    };
    text.to(language).to_owned()
}

/// The form for this remedy, if one click is enough and the trace has the facts it needs. Its
/// action is a path below the platform's page.
pub(super) fn form_for(remedy: Remedy, trace: &Trace, language: Language) -> Option<RemedyForm> {
    let form = |path: &str, mut fields: Vec<(&'static str, String)>, label: &str| {
        fields.push(("next", format!("/portal/failures/{}", trace.id)));
        RemedyForm {
            action: path.to_owned(),
            fields,
            label: label.to_owned(),
        }
    };
    let deployed = |action: &str| {
        let id = trace.deployment_id.clone()?;
        let fields = vec![("do", action.to_owned()), ("deployment", id)];
        let label = texts::FIX_DEPLOYMENT.to(language);
        Some(form("/deployments", fields, label))
    };
    match remedy {
        Remedy::Activate => {
            let label = texts::FIX_ACTIVATE.to(language);
            Some(form("/activate", Vec::new(), label))
        }
        Remedy::AllowDeployment => deployed("allow"),
        Remedy::EnterDeployment => deployed("enter"),
        Remedy::FetchKeys => {
            let label = texts::FIX_FETCH_KEYS.to(language);
            let reason = trace.reason.as_ref();
            let is_unknown = reason.is_some_and(|reason| reason.code == "KID_UNKNOWN");
            let kid = trace.kid.iter().filter(|_| is_unknown);
            let fields = kid.map(|kid| ("kid", kid.clone())).collect();
            Some(form("/fetch-keys", fields, label))
        }
        Remedy::ListOrigin => {
            let origin = trace.frame_origin_not_listed.clone()?;
            let label = texts::FIX_ORIGIN.with("origin", &*origin).to(language);
            Some(form("/frame-origin", vec![("origin", origin)], &label))
        }
        Remedy::Leeway
        | Remedy::BlockedPeople
        | Remedy::PlatformSettings
        | Remedy::ComparePlatform
        | Remedy::ToolSettings
        | Remedy::NearestPlatform
        | Remedy::NewWindow
        | Remedy::Nothing => None,
    }
}

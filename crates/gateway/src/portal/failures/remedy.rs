//! The remedy for a failure: one click, if that is enough; nothing more if it has been applied
//! since.

use std::sync::Arc;

use store::platforms::KeyMethod;

use super::mended::{MendedFailure, fitting, leeway_for, mended};
use super::near::{ComparedValue, client_id_to_use, compared};
use crate::directory::nearest::nearest;
use crate::directory::platforms::Platform;
use crate::portal::people::person::Person;
use crate::portal::people::rights::OfPlatforms;
use crate::portal::platforms::address_of;
use crate::portal::platforms::in_use::works_today;
use crate::portal::room::Portal;
use crate::traces::answer::Trace;
use crate::web::language::Language;
use crate::web::meaning::{Meaning, Remedy};
use crate::web::problem::Problem;
use crate::web::texts::{Text, portal_connect, portal_failures as texts};

/// How many platforms are linked if several fit: an issuer may be a vendor's, with many schools.
const MOST_LINKS: usize = 5;

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
            // For when a click isn't enough, for example because the clock is too far off for any
            // leeway.
            Remedy::PlatformSettings | Remedy::Leeway => {
                Self::leading(&format!("{there}/settings"), texts::FIX_SETTINGS, language)
            }
            _ => Self::default(),
        }
    }

    /// The registration that was probably meant, and the page to connect another.
    async fn near(portal: &Portal, person: &Person, trace: &Trace) -> Result<Self, Problem> {
        let may_change = person.may_change::<OfPlatforms>();
        let fitting = fitting(portal, person, trace).await?;
        let mut offer = match &trace.issuer {
            Some(_) if fitting.len() > 1 => Self::among(&fitting, person.language),
            Some(issuer) => Self::nearest(portal, person, trace, issuer).await?,
            None => Self::default(),
        };
        if may_change {
            let connect = link("/portal/connect", portal_connect::TITLE, person.language);
            offer.links.push(connect);
        }
        Ok(offer)
    }

    /// All that fit, because the login doesn't say which is meant.
    fn among(platforms: &[Arc<Platform>], language: Language) -> Self {
        let shown = platforms.iter().take(MOST_LINKS);
        let links = shown.map(|platform| RemedyLink {
            address: address_of(&platform.id),
            label: platform.name.clone(),
        });
        Self {
            says: texts::SEVERAL_FIT.to(language).to_owned(),
            links: links.collect(),
            ..Self::default()
        }
    }

    /// The registration nearest to what was sent.
    async fn nearest(
        portal: &Portal,
        person: &Person,
        trace: &Trace,
        issuer: &str,
    ) -> Result<Self, Problem> {
        let (platforms, language) = (&portal.directory.platforms, person.language);
        let client_id = trace.client_id.as_deref();
        let found = nearest(platforms, &person.tool.id, issuer, client_id).await?;
        let Some(platform) = found else {
            return Ok(Self::default());
        };
        let to_use = client_id_to_use(portal, person, trace, &platform).await?;
        let to_use = to_use.filter(|_| person.may_change::<OfPlatforms>());
        let fits = platform.issuer == issuer && client_id == Some(&*platform.client_id);
        let works = !fits && works_today(portal, &platform).await?;
        let named = |text: Text| {
            let says = text.with("name", &*platform.name);
            says.to(language).into_owned()
        };
        let caution = match to_use {
            // Only some of the issuers that several schools share are known.
            Some(_) => Some(texts::CHECK_CLIENT_ID.to(language).to_owned()),
            None => works.then(|| named(texts::NEAREST_WORKS)),
        };
        Ok(Self {
            says: match fits {
                true => named(texts::FITS_NOW),
                false => String::new(),
            },
            form: to_use.map(|id| uses_client_id(id, &platform, trace, language)),
            caution,
            links: vec![RemedyLink {
                address: format!("{}/settings", address_of(&platform.id)),
                label: named(texts::FIX_NEAREST),
            }],
            compared: compared(trace, &platform, language),
            ..Self::default()
        })
    }

    fn leading(address: &str, label: Text, language: Language) -> Self {
        Self {
            links: vec![link(address, label, language)],
            ..Self::default()
        }
    }
}

/// Gives the platform the client id that was sent.
fn uses_client_id(
    client_id: &str,
    platform: &Platform,
    trace: &Trace,
    language: Language,
) -> RemedyForm {
    let label = texts::FIX_CLIENT_ID
        .with("id", client_id)
        .with("name", &*platform.name);
    RemedyForm {
        action: format!("{}/client-id", address_of(&platform.id)),
        fields: vec![
            ("clientId", client_id.to_owned()),
            ("next", format!("/portal/failures/{}", trace.id)),
        ],
        label: label.to(language).into_owned(),
    }
}

fn link(address: &str, label: Text, language: Language) -> RemedyLink {
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
fn form_for(remedy: Remedy, trace: &Trace, language: Language) -> Option<RemedyForm> {
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
        Remedy::Leeway => {
            let seconds = trace.skew_seconds.and_then(leeway_for)?.to_string();
            let label = texts::FIX_LEEWAY.with("seconds", &*seconds).to(language);
            Some(form("/leeway", vec![("seconds", seconds)], &label))
        }
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
        Remedy::BlockedPeople
        | Remedy::PlatformSettings
        | Remedy::ToolSettings
        | Remedy::NearestPlatform
        | Remedy::NewWindow
        | Remedy::Nothing => None,
    }
}

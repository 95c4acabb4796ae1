//! The remedy if a login named another issuer or client id than ours: what was sent, beside the
//! registration that was probably meant.

use std::sync::Arc;

use super::mended::{fitting, names, traced_platform};
use super::near::{client_id_to_use, compared};
use super::remedy::{RemedyForm, RemedyLink, RemedyOffer, form_for, link};
use crate::directory::nearest::nearest;
use crate::directory::platforms::Platform;
use crate::portal::connect::by_hand_with;
use crate::portal::people::person::Person;
use crate::portal::people::rights::OfPlatforms;
use crate::portal::platforms::address_of;
use crate::portal::platforms::in_use::works_today;
use crate::portal::room::Portal;
use crate::traces::answer::Trace;
use crate::web::language::Language;
use crate::web::meaning::Remedy;
use crate::web::problem::Problem;
use crate::web::texts::{Text, portal_connect, portal_failures as texts};

/// How many platforms are linked if several fit: an issuer may be a vendor's, with many schools.
const MOST_LINKS: usize = 5;

impl RemedyOffer {
    /// The registration that was probably meant, and the pages to connect another.
    pub(super) async fn near(
        portal: &Portal,
        person: &Person,
        trace: &Trace,
    ) -> Result<Self, Problem> {
        let fitting = fitting(portal, person, trace).await?;
        let mut offer = match &trace.issuer {
            Some(_) if fitting.len() > 1 => Self::among(&fitting, person.language),
            Some(issuer) => Self::nearest(portal, person, trace, issuer).await?,
            None => Self::default(),
        };
        if person.may_change::<OfPlatforms>() {
            offer.links.extend(connecting(trace, person.language));
        }
        Ok(offer)
    }

    /// The registration at whose own login address it arrived.
    pub(super) async fn own(
        portal: &Portal,
        person: &Person,
        trace: &Trace,
    ) -> Result<Self, Problem> {
        let Some(platform) = traced_platform(portal, person, trace).await? else {
            return Ok(Self::default());
        };
        let fitting = fitting(portal, person, trace).await?;
        let mut others = fitting.iter().filter(|_| trace.client_id.is_some());
        let Some(other) = others.find(|other| other.id != platform.id) else {
            let words = (texts::FITS_OWN, texts::FIX_SETTINGS);
            return Self::beside(portal, person, trace, &platform, words).await;
        };
        let says = texts::OTHER_FITS.with("name", &*other.name);
        Ok(Self {
            says: says.to(person.language).into_owned(),
            links: vec![RemedyLink {
                address: address_of(&other.id),
                label: other.name.clone(),
            }],
            compared: compared(trace, &platform, person.language),
            ..Self::default()
        })
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
        let platforms = &portal.directory.platforms;
        let client_id = trace.client_id.as_deref();
        let found = nearest(platforms, &person.tool.id, issuer, client_id).await?;
        let Some(platform) = found else {
            return Ok(Self::default());
        };
        let words = (texts::FITS_NOW, texts::FIX_NEAREST);
        Self::beside(portal, person, trace, &platform, words).await
    }

    /// What was sent, beside this registration; with the words if it fits by now, and for the link
    /// to its settings.
    async fn beside(
        portal: &Portal,
        person: &Person,
        trace: &Trace,
        platform: &Platform,
        (fits_now, settings): (Text, Text),
    ) -> Result<Self, Problem> {
        let language = person.language;
        let named = |text: Text| {
            let says = text.with("name", &*platform.name);
            says.to(language).into_owned()
        };
        let compared = compared(trace, platform, language);
        if names(platform, trace) && !platform.active {
            return Ok(Self {
                says: named(texts::FITS_INACTIVE),
                form: activating(platform, person, trace),
                compared,
                ..Self::default()
            });
        }
        let to_use = client_id_to_use(portal, person, trace, platform).await?;
        let to_use = to_use.filter(|_| person.may_change::<OfPlatforms>());
        let fits = trace.issuer.as_ref() == Some(&platform.issuer)
            && trace.client_id.as_ref() == Some(&platform.client_id);
        let works = !fits && works_today(portal, platform).await?;
        let caution = match to_use {
            // Only some of the issuers that several schools share are known.
            Some(_) => Some(texts::CHECK_CLIENT_ID.to(language).to_owned()),
            None => works.then(|| named(texts::NEAREST_WORKS)),
        };
        Ok(Self {
            says: match fits {
                true => named(fits_now),
                false => String::new(),
            },
            form: to_use.map(|id| uses_client_id(id, platform, trace, language)),
            caution,
            links: vec![RemedyLink {
                address: format!("{}/settings", address_of(&platform.id)),
                label: named(settings),
            }],
            compared,
            ..Self::default()
        })
    }
}

/// The pages to connect an LMS, the form for doing it by hand with what was sent.
fn connecting(trace: &Trace, language: Language) -> [RemedyLink; 2] {
    let by_hand = by_hand_with(trace.issuer.as_deref(), trace.client_id.as_deref());
    [
        link("/portal/connect", portal_connect::TITLE, language),
        link(&by_hand, portal_connect::HAND_LINK, language),
    ]
}

/// Activates the platform, for people who may.
fn activating(platform: &Platform, person: &Person, trace: &Trace) -> Option<RemedyForm> {
    let form = form_for(Remedy::Activate, trace, person.language)?;
    let action = format!("{}{}", address_of(&platform.id), form.action);
    let may_change = person.may_change::<OfPlatforms>();
    may_change.then_some(RemedyForm { action, ..form })
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

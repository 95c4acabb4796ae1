//! The head of every page of a platform: what it is, its state, and the tabs.

use store::deployments::DeploymentStatus;
use store::{StoreError, platform_list};

use crate::directory::families::{lms_name, place_of};
use crate::directory::platforms::Platform;
use crate::keys::rotation::NO_PLATFORM;
use crate::portal::page::PortalRefusal;
use crate::portal::people::person::Person;
use crate::portal::room::Portal;
use crate::portal::short::short_id;
use crate::web::language::Language;
use crate::web::texts::{Text, meanings, portal_health as health, portal_platforms as texts};

/// A platform's state: the kind of `status` element, and words.
pub(crate) struct PlatformState {
    pub(crate) kind: &'static str,
    pub(crate) word: String,
}

impl PlatformState {
    /// Depends on whether it may launch, whether it was switched off or refused, and how many of
    /// its deployments are pending.
    pub(crate) fn new(active: bool, is_stopped: bool, waiting: i64, language: Language) -> Self {
        let (kind, word) = match (active, is_stopped) {
            (true, _) if waiting > 0 => {
                let number = waiting.to_string();
                let word = texts::DEPLOYMENTS_WAIT.with("number", number);
                return Self {
                    kind: "warn",
                    word: word.to(language).into_owned(),
                };
            }
            (true, _) => ("ok", texts::ACTIVE),
            (false, true) => ("off", texts::DEACTIVATED),
            (false, false) => ("wait", texts::WAITING),
        };
        Self {
            kind,
            word: word.to(language).to_owned(),
        }
    }

    /// The state of a platform that seems well, but has services that fail.
    #[must_use]
    pub(crate) fn with_failing_services(self, is_failing: bool, language: Language) -> Self {
        if !is_failing || self.kind != "ok" {
            return self;
        }
        Self {
            kind: "warn",
            word: health::SERVICES_FAIL.to(language).to_owned(),
        }
    }

    /// The state of an active platform whose keys can't be read, so that launches fail, or soon
    /// will.
    #[must_use]
    pub(crate) fn without_keys(self, active: bool, unreadable: bool, language: Language) -> Self {
        if !active || !unreadable {
            return self;
        }
        Self {
            kind: "bad",
            word: meanings::NO_KEYS.to(language).to_owned(),
        }
    }
}

/// A page of a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PlatformTab {
    Overview,
    Registration,
    Deployments,
    Keys,
    Rules,
    Blocked,
    Launches,
}

impl PlatformTab {
    const ALL: [Self; 7] = [
        Self::Overview,
        Self::Registration,
        Self::Deployments,
        Self::Keys,
        Self::Rules,
        Self::Blocked,
        Self::Launches,
    ];

    const fn label(self) -> Text {
        match self {
            Self::Overview => texts::OVERVIEW,
            Self::Registration => texts::REGISTRATION,
            Self::Deployments => texts::DEPLOYMENTS,
            Self::Keys => texts::KEYS,
            Self::Rules => texts::RULES,
            Self::Blocked => texts::BLOCKED,
            Self::Launches => texts::LAUNCHES,
        }
    }

    /// The path after the platform's own address.
    const fn path(self) -> &'static str {
        match self {
            Self::Overview => "",
            Self::Registration => "/registration",
            Self::Deployments => "/deployments",
            Self::Keys => "/keys",
            Self::Rules => "/settings",
            Self::Blocked => "/blocked",
            Self::Launches => "/launches",
        }
    }

    /// Its address for the platform with this id.
    pub(super) fn address(self, id: &str) -> String {
        format!("{}{}", address_of(id), self.path())
    }
}

/// A link to a page of the platform.
pub(super) struct TabLink {
    pub(super) label: Text,
    pub(super) address: String,
    pub(super) is_current: bool,
}

/// The head of every page of a platform.
pub(super) struct PlatformHead {
    pub(super) id: String,
    pub(super) name: String,
    /// The name as it is shown beside the heading.
    pub(super) short: String,
    /// LMS, version and host.
    pub(super) about: String,
    pub(super) state: PlatformState,
    pub(super) created_at: i64,
    pub(super) tabs: Vec<TabLink>,
}

/// The address of a platform's page.
pub(crate) fn address_of(id: &str) -> String {
    format!("/portal/platforms/{id}")
}

/// A platform of the signed-in person's tool.
///
/// # Errors
/// A page that says there is none; or the store failed, which must never look like that.
pub(crate) async fn platform_of(
    portal: &Portal,
    person: &Person,
    id: &str,
) -> Result<Platform, PortalRefusal> {
    let platforms = &portal.directory.platforms;
    match platforms.of_tool(&person.tool.id, id).await {
        Ok(platform) => Ok(platform),
        Err(problem) if problem.is(&NO_PLATFORM) => Err(portal.nothing(person).await?.into()),
        Err(problem) => Err(problem.into()),
    }
}

/// A platform of the signed-in person's tool, and the head of its pages.
pub(super) async fn open(
    portal: &Portal,
    person: &Person,
    id: &str,
    tab: PlatformTab,
) -> Result<(Platform, PlatformHead), PortalRefusal> {
    let platform = platform_of(portal, person, id).await?;
    let (is_stopped, waiting) = inactivity(portal, &platform).await?;
    let failing = portal.deliveries.client.failing.of_platform(&platform.id);
    let is_failing = !failing.is_empty();
    let lms = lms_name(platform.family.as_deref(), &platform.issuer);
    let lms = match &platform.version {
        Some(version) if !lms.is_empty() => format!("{lms} {version}"),
        _ => lms,
    };
    let about = [lms, place_of(&platform.issuer)];
    let about: Vec<String> = about.into_iter().filter(|part| !part.is_empty()).collect();
    let link = |other: PlatformTab| TabLink {
        label: other.label(),
        address: other.address(&platform.id),
        is_current: other == tab,
    };
    let head = PlatformHead {
        id: platform.id.clone(),
        name: platform.name.clone(),
        short: short_id(&platform.name),
        about: about.join(" · "),
        state: PlatformState::new(platform.active, is_stopped, waiting, person.language)
            .with_failing_services(is_failing, person.language)
            .without_keys(
                platform.active,
                portal.directory.platform_keys.is_unreadable(&platform.id),
                person.language,
            ),
        created_at: platform.created_at,
        tabs: PlatformTab::ALL.into_iter().map(link).collect(),
    };
    Ok((platform, head))
}

/// Whether a platform was switched off or refused, and how many of its deployments are pending.
async fn inactivity(portal: &Portal, platform: &Platform) -> Result<(bool, i64), StoreError> {
    let (tool_id, now) = (&platform.tool_id, portal.clock.now_ms());
    let mut reader = portal.db.read().await?;
    let listed = platform_list::one(&mut reader.tx(), tool_id, &platform.id, now).await?;
    Ok(listed.map_or((false, 0), |row| (row.stopped_at.is_some(), row.waiting)))
}

/// How many of a platform's deployments are pending.
///
/// # Errors
/// The store failed.
pub(super) async fn waiting(portal: &Portal, id: &str) -> Result<i64, StoreError> {
    let mut reader = portal.db.read().await?;
    let known = store::deployments::of_platform(&mut reader.tx(), id.to_owned()).await?;
    let waiting = known
        .iter()
        .filter(|known| known.status == DeploymentStatus::Pending)
        .count();
    Ok(i64::try_from(waiting).unwrap_or(i64::MAX))
}

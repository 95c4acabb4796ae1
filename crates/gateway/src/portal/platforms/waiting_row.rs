//! What is waiting, with the facts to decide by (portal.md PO-5), for Home and the list.

use store::StoreError;
use store::platforms::{self, PlatformFilter};
use store::waiting::{WaitingDeployment, WaitingPlatform};

use super::head::address_of;
use crate::directory::families::{lms_name, place_of};
use crate::portal::people::person::Person;
use crate::portal::room::Portal;
use crate::portal::short::{bytes_on_page, cut_for_page, rows_that_fit, short_id};
use crate::registration::undecided::{UndecidedOffer, granted};
use crate::web::language::Language;
use crate::web::texts::portal_platforms as texts;

/// How many platforms with the same issuer are counted: some issuers stand for every school in the
/// world.
const MOST_TWINS: i64 = 20;
/// How many bytes of the page it may take where a platform comes from.
const ABOUT_BYTES: usize = 200;
/// How many bytes of the page a row of each sort takes besides what others wrote.
const OFFER_BYTES: usize = 1_100;
const INACTIVE_BYTES: usize = 850;
const DEPLOYMENT_BYTES: usize = 660;

/// What is waiting, as far as a page shows it.
pub(crate) struct WaitingRows {
    pub(crate) offers: Vec<OfferLine>,
    pub(crate) platforms: Vec<InactiveLine>,
    pub(crate) deployments: Vec<WaitingDeployment>,
}

impl WaitingRows {
    /// Leaves out what doesn't fit into so many bytes of the page. Returns how many rows of each
    /// sort are left.
    pub(crate) fn fit(&mut self, bytes: usize) -> [usize; 3] {
        let offers = self.offers.iter().map(OfferLine::bytes).collect();
        let platforms = self.platforms.iter().map(InactiveLine::bytes).collect();
        let deployments = self.deployments.iter().map(deployment_bytes).collect();
        let shown = rows_that_fit(&[offers, platforms, deployments], bytes);
        let [offers, platforms, deployments] = shown;
        self.offers.truncate(offers);
        self.platforms.truncate(platforms);
        self.deployments.truncate(deployments);
        shown
    }
}

/// How many bytes of the page a deployment takes: its form has the whole id.
fn deployment_bytes(waiting: &WaitingDeployment) -> usize {
    let (name, id) = (short_id(&waiting.name), &*waiting.deployment_id);
    let shown = 4 * bytes_on_page(&name) + 3 * bytes_on_page(&short_id(id));
    DEPLOYMENT_BYTES + shown + bytes_on_page(id)
}

/// A registration that waits for the tool's approval.
pub(crate) struct OfferLine {
    pub(crate) key: String,
    pub(crate) name: String,
    /// The name to register it with, as they typed it if they were asked who they are.
    pub(crate) typed: String,
    pub(crate) about: String,
    /// What the registration will ask for.
    pub(crate) asks: String,
    pub(crate) same_issuer: Option<String>,
    pub(crate) invited: bool,
    pub(crate) created_at: i64,
    /// Where to go after approving it; `None` for people who may not.
    pub(crate) back: Option<&'static str>,
}

impl OfferLine {
    /// `back` is the page it is shown on, if the person may approve it.
    pub(crate) fn new(offer: UndecidedOffer, person: &Person, back: Option<&'static str>) -> Self {
        let language = person.language;
        let is_kept = |page: &&str| person.kept(page, "key") == Some(offer.key.as_str());
        let typed = back.filter(is_kept);
        let typed = typed.and_then(|page| person.kept(page, "name"));
        let lms = lms_name(
            Some(&offer.family)
                .filter(|family| !family.is_empty())
                .map(|f| f.as_str()),
            &offer.issuer,
        );
        let lms = format!("{lms} {}", offer.version);
        let hosts = offer.hosts.join(", ");
        let about = [lms.trim(), offer.issuer.as_str(), hosts.as_str()];
        let about: Vec<&str> = about.into_iter().filter(|part| !part.is_empty()).collect();
        let asks = offer.services.iter().chain(&offer.personal);
        let asks: Vec<&str> = asks.map(|text| text.to(language)).collect();
        Self {
            about: cut_for_page(about.join(" · "), ABOUT_BYTES),
            asks: asks.join(" · "),
            same_issuer: same_issuer(offer.known, language),
            typed: typed.unwrap_or(&offer.name).to_owned(),
            key: offer.key,
            name: short_id(&offer.name),
            invited: offer.invited,
            created_at: offer.created_at,
            back,
        }
    }

    fn bytes(&self) -> usize {
        let same_issuer = self.same_issuer.as_deref().unwrap_or_default();
        let once = [&*self.typed, &*self.about, &*self.asks, same_issuer];
        let once: usize = once.into_iter().map(bytes_on_page).sum();
        OFFER_BYTES + 2 * bytes_on_page(&self.name) + once
    }
}

/// A registered platform that has never been active.
pub(crate) struct InactiveLine {
    pub(crate) id: String,
    pub(crate) address: String,
    pub(crate) name: String,
    pub(crate) about: String,
    /// The services that it grants.
    pub(crate) grants: String,
    pub(crate) same_issuer: Option<String>,
    pub(crate) created_at: i64,
}

impl InactiveLine {
    /// Adds what the store knows about it.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn new(
        portal: &Portal,
        tool_id: &str,
        row: WaitingPlatform,
        language: Language,
    ) -> Result<Self, StoreError> {
        let filter = PlatformFilter {
            issuer: Some(row.issuer.clone()),
            limit: MOST_TWINS,
            ..PlatformFilter::default()
        };
        let now = portal.clock.now_ms();
        let mut reader = portal.db.read().await?;
        let same = platforms::page(&mut reader.tx(), tool_id, &filter, now).await?;
        drop(reader);
        let others = same.len().saturating_sub(1);
        let lms = lms_name(row.family.as_deref(), &row.issuer);
        let lms = format!("{lms} {}", row.version.unwrap_or_default());
        let place = place_of(&row.issuer);
        let about = [lms.trim(), place.as_str()];
        let about: Vec<&str> = about.into_iter().filter(|part| !part.is_empty()).collect();
        let grants = granted(&row.scopes);
        let grants: Vec<&str> = grants.iter().map(|text| text.to(language)).collect();
        Ok(Self {
            address: address_of(&row.id),
            same_issuer: same_issuer(others, language),
            grants: grants.join(" · "),
            about: cut_for_page(about.join(" · "), ABOUT_BYTES),
            id: row.id,
            name: short_id(&row.name),
            created_at: row.created_at,
        })
    }

    fn bytes(&self) -> usize {
        let same_issuer = self.same_issuer.as_deref().unwrap_or_default();
        let once = [&*self.about, &*self.grants, same_issuer];
        let once: usize = once.into_iter().map(bytes_on_page).sum();
        INACTIVE_BYTES + 4 * bytes_on_page(&self.name) + once
    }
}

/// Says that others have the same issuer, if there are any.
fn same_issuer(number: usize, language: Language) -> Option<String> {
    let same = texts::SAME_ISSUER.with("number", number.to_string());
    (number > 0).then(|| same.to(language).into_owned())
}

//! Registered platforms, their deployments and the people blocked there, with caches in front of
//! the store.

use std::collections::HashSet;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use store::blocked_people::{self, BlockedPerson};
use store::changes;
use store::deployments::{self, DeploymentStatus};
use store::platforms::{self, PlatformRow};
use store::{Db, StoreError};

use crate::keys::ours::OurKeys;
use crate::keys::rotation::NO_PLATFORM;
use crate::kit::cache::{Cache, FRESH};
use crate::kit::clock::Stopwatch;
use crate::kit::id::is_id;
use crate::kit::seal::Sealer;
use crate::settings::grades::PlatformGrades;
use crate::settings::launch::PlatformRules;
use crate::web::problem::Problem;

/// The issuer of the portal's pretend LMS: a reserved name that can't be registered (RFC 2606).
pub(crate) const TEST_ISSUER: &str = "https://test-lms.invalid";

/// A registered platform: one registration, the pair of issuer and client id.
#[derive(Clone, Debug)]
pub struct Platform {
    /// As stored.
    pub row: PlatformRow,
    /// Its own rules for launches; otherwise the tool's apply.
    pub launch: PlatformRules,
    /// Its own rules for deliveries of scores; otherwise the tool's settings apply.
    pub grades: PlatformGrades,
}

impl Platform {
    /// Whether it is the portal's pretend LMS, which no real person uses.
    pub(crate) fn is_for_tests(&self) -> bool {
        self.row.issuer == TEST_ISSUER
    }

    /// The row to store it as.
    ///
    /// # Errors
    /// The rules can't be written as JSON.
    pub fn into_row(self) -> Result<PlatformRow, StoreError> {
        let corrupt = |error: serde_json::Error| StoreError::Corrupt(error.to_string());
        Ok(PlatformRow {
            launch_rules: self.launch.to_text().map_err(corrupt)?,
            grade_rules: self.grades.to_text().map_err(corrupt)?,
            ..self.row
        })
    }
}

impl TryFrom<PlatformRow> for Platform {
    type Error = StoreError;

    fn try_from(row: PlatformRow) -> Result<Self, StoreError> {
        let corrupt = |error: serde_json::Error| StoreError::Corrupt(error.to_string());
        Ok(Self {
            launch: PlatformRules::try_from(row.launch_rules.clone()).map_err(corrupt)?,
            grades: PlatformGrades::try_from(row.grade_rules.clone()).map_err(corrupt)?,
            row,
        })
    }
}

impl Deref for Platform {
    type Target = PlatformRow;

    fn deref(&self) -> &PlatformRow {
        &self.row
    }
}

impl DerefMut for Platform {
    fn deref_mut(&mut self) -> &mut PlatformRow {
        &mut self.row
    }
}

/// The platforms of every tool. Cloning it is cheap.
#[derive(Clone)]
pub struct Platforms(Arc<PlatformsInner>);

struct PlatformsInner {
    db: Db,
    our_keys: OurKeys,
    /// Opens the ids of blocked people.
    rows: Sealer,
    of_issuer: Cache<(String, String), Arc<Vec<Arc<Platform>>>>,
    by_id: Cache<String, Arc<Platform>>,
    deployments: Cache<(String, String), DeploymentStatus>,
    blocked: Cache<String, Arc<HashSet<String>>>,
    seen: Mutex<SeenChanges>,
}

/// The last known value of the store's change counter.
#[derive(Default)]
struct SeenChanges {
    number: Option<i64>,
    /// When the cached values were last known to be current.
    since: Option<Stopwatch>,
}

/// How long cached values last while the store's change counter stays the same.
const UNCHANGED: Duration = Duration::from_secs(10 * 60);
/// How many platforms are cached.
const MOST_PLATFORMS: usize = 20_000;

impl Platforms {
    /// The platforms in this store; `rows` opens its secrets. `our_keys` are told about every
    /// change.
    pub fn new(db: Db, rows: Sealer, our_keys: OurKeys) -> Self {
        Self(Arc::new(PlatformsInner {
            db,
            our_keys,
            rows,
            of_issuer: Cache::new(MOST_PLATFORMS).living(|_| UNCHANGED),
            by_id: Cache::new(MOST_PLATFORMS).living(|_| UNCHANGED),
            deployments: Cache::new(100_000).living(|_| UNCHANGED),
            blocked: Cache::new(MOST_PLATFORMS).living(|_| UNCHANGED),
            seen: Mutex::default(),
        }))
    }

    /// Drops the caches if another replica, or a command, changed something. Only if this is called
    /// every second or so are values cached for longer than [`FRESH`].
    ///
    /// # Errors
    /// The store failed.
    pub async fn look_for_changes(&self) -> Result<(), StoreError> {
        let asked = Stopwatch::start();
        let number = changes::number(&mut self.0.db.read().await?.tx()).await?;
        let before = self.seen().number.replace(number);
        if before != Some(number) {
            self.changed();
        }
        self.seen().since = Some(asked);
        Ok(())
    }

    fn seen(&self) -> MutexGuard<'_, SeenChanges> {
        self.0.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How often the caches were dropped because something had changed. While this number stays the
    /// same, others may keep what they have cached, but no longer than [`Self::trusted_for`],
    /// provided that every change to it moves the store's counter.
    pub(crate) fn changes_heard(&self) -> u64 {
        self.0.by_id.clearings()
    }

    /// How old cached values may be.
    pub(crate) fn trusted_for(&self) -> Duration {
        match self.seen().since {
            Some(since) if since.elapsed() < FRESH => UNCHANGED,
            _ => FRESH,
        }
    }

    /// Every platform of a tool with this issuer.
    ///
    /// # Errors
    /// The store failed.
    pub async fn of_issuer(
        &self,
        tool_id: &str,
        issuer: &str,
    ) -> Result<Arc<Vec<Arc<Platform>>>, StoreError> {
        let (cached, trusted) = (&self.0.of_issuer, self.trusted_for());
        if let Some(found) = cached.get_pair_within((tool_id, issuer), trusted) {
            return Ok(found);
        }
        let key = (tool_id.to_owned(), issuer.to_owned());
        let clearings = self.0.of_issuer.clearings();
        let rows = self.0.db.look_up(|mut tx| {
            let (tool_id, issuer) = key.clone();
            Box::pin(async move { platforms::of_issuer(&mut tx, tool_id, issuer).await })
        });
        let rows = rows.await?.into_iter();
        let found = rows.map(|row| Platform::try_from(row).map(Arc::new));
        let found: Arc<Vec<_>> = Arc::new(found.collect::<Result<_, _>>()?);
        // Anyone can name an issuer, so unknown ones must not push known ones out of the cache.
        if !found.is_empty() {
            let kept = Arc::clone(&found);
            self.0.of_issuer.insert_unless_cleared(clearings, key, kept);
        }
        Ok(found)
    }

    /// A platform by its id.
    ///
    /// # Errors
    /// The store failed.
    pub async fn by_id(&self, id: &str) -> Result<Option<Arc<Platform>>, StoreError> {
        // Our ids are letters and digits; don't look anything else up, or cache it.
        if !is_id(id) {
            return Ok(None);
        }
        if let Some(found) = self.0.by_id.get_within(id, self.trusted_for()) {
            return Ok(Some(found));
        }
        let clearings = self.0.by_id.clearings();
        let row = self.0.db.look_up(|mut tx| {
            let id = id.to_owned();
            Box::pin(async move { platforms::by_id(&mut tx, id).await })
        });
        let found = row.await?.map(Platform::try_from).transpose()?;
        let found = found.map(|platform| self.shared(platform));
        if let Some(found) = &found {
            let (id, kept) = (id.to_owned(), Arc::clone(found));
            self.0.by_id.insert_unless_cleared(clearings, id, kept);
        }
        Ok(found)
    }

    /// A platform just read, in the copy that the list of its issuer holds if that is the same: a
    /// launch needs both, and a copy takes up more than a kilobyte (decision 0506).
    fn shared(&self, read: Platform) -> Arc<Platform> {
        let key = (read.tool_id.as_str(), read.issuer.as_str());
        let listed = self.0.of_issuer.get_pair_within(key, self.trusted_for());
        let same = listed.and_then(|all| all.iter().find(|one| one.row == read.row).cloned());
        same.unwrap_or_else(|| Arc::new(read))
    }

    /// A platform of this tool, read from the store in order to change it.
    ///
    /// # Errors
    /// 404 if the tool has no such platform, or the store failed.
    pub async fn of_tool(&self, tool_id: &str, id: &str) -> Result<Platform, Problem> {
        if !is_id(id) {
            return Err(NO_PLATFORM.problem());
        }
        let row = platforms::by_id(&mut self.0.db.read().await?.tx(), id.to_owned()).await?;
        let row = row.filter(|row| row.tool_id == tool_id);
        let row = row.ok_or_else(|| NO_PLATFORM.problem())?;
        Ok(Platform::try_from(row)?)
    }

    /// A deployment's status, if it is known.
    ///
    /// # Errors
    /// The store failed.
    pub async fn deployment(
        &self,
        platform_id: &str,
        deployment_id: &str,
    ) -> Result<Option<DeploymentStatus>, StoreError> {
        let (cached, trusted) = (&self.0.deployments, self.trusted_for());
        if let Some(status) = cached.get_pair_within((platform_id, deployment_id), trusted) {
            return Ok(Some(status));
        }
        let key = (platform_id.to_owned(), deployment_id.to_owned());
        let clearings = self.0.deployments.clearings();
        let found = self.0.db.look_up(|mut tx| {
            let (platform_id, deployment_id) = key.clone();
            Box::pin(async move { deployments::one(&mut tx, platform_id, deployment_id).await })
        });
        let Some(found) = found.await? else {
            return Ok(None);
        };
        // A refusal is never cached: another replica may just have lifted it.
        if found.status == DeploymentStatus::Active {
            let known = &self.0.deployments;
            known.insert_unless_cleared(clearings, key, found.status);
        }
        Ok(Some(found.status))
    }

    /// Whether an operator blocked this person at a platform.
    ///
    /// # Errors
    /// The store failed, or its rows can't be opened.
    pub async fn is_blocked(&self, platform_id: &str, subject: &str) -> Result<bool, Problem> {
        let blocked = match self.0.blocked.get_within(platform_id, self.trusted_for()) {
            Some(blocked) => blocked,
            None => {
                let clearings = self.0.blocked.clearings();
                let people = self.blocked_people(platform_id).await?.into_iter();
                let found: Arc<HashSet<_>> = Arc::new(people.map(|(_, subject)| subject).collect());
                let (id, kept) = (platform_id.to_owned(), found.clone());
                self.0.blocked.insert_unless_cleared(clearings, id, kept);
                found
            }
        };
        Ok(blocked.contains(subject))
    }

    /// The people blocked at a platform, each with their `sub`, read from the store.
    ///
    /// # Errors
    /// The store failed, or a row can't be opened with this installation's key.
    pub async fn blocked_people(
        &self,
        platform_id: &str,
    ) -> Result<Vec<(BlockedPerson, String)>, Problem> {
        let found = self.0.db.look_up(|mut tx| {
            let id = platform_id.to_owned();
            Box::pin(async move { blocked_people::of_platform(&mut tx, id).await })
        });
        let open = |person: BlockedPerson| {
            let identity = blocked_identity(&person.id);
            let plain = self.0.rows.open(&identity, &person.subject_sealed);
            let subject = String::from_utf8(plain.map_err(Problem::internal)?);
            Ok((person, subject.map_err(Problem::internal)?))
        };
        found.await?.into_iter().map(open).collect()
    }

    /// Drops the caches, including our published keys, after a platform, a deployment or a block
    /// was changed here.
    pub fn changed(&self) {
        self.0.our_keys.changed();
        self.0.of_issuer.clear();
        self.0.by_id.clear();
        self.0.deployments.clear();
        self.0.blocked.clear();
    }

    /// Drops expired cache entries.
    pub fn tidy(&self) {
        self.0.of_issuer.tidy();
        self.0.by_id.tidy();
        self.0.deployments.tidy();
        self.0.blocked.tidy();
    }
}

/// The identity that a blocked person's `sub` is sealed with.
pub(crate) fn blocked_identity(id: &str) -> String {
    format!("blocked_people/{id}")
}

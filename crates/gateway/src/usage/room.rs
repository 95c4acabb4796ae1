//! Counts launches in memory and writes the counts.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use store::usage::{self, UsageOfPeriod};
use store::{Db, StoreError, Tx};

use super::counted::{UsageCount, UsageKey, rows, save, save_hours};
use super::people::PeopleSketch;
use super::period::{date_at, day, hour, month};
use crate::directory::tools::Tools;
use crate::kit::clock::Clock;
use crate::kit::keyed_hash::KeyedHash;
use crate::kit::seal::SecretKey;

/// How much tools are used. Cloning it is cheap.
#[derive(Clone)]
pub struct Usage(Arc<UsageInner>);

struct UsageInner {
    db: Db,
    clock: Clock,
    tools: Tools,
    /// Keyed, so that the database alone doesn't reveal whether a person was there.
    key: KeyedHash,
    since: Mutex<CountedSince>,
}

/// Counts since the last write.
#[derive(Default)]
struct CountedSince {
    counts: HashMap<UsageKey, UsageCount>,
    /// Launches by tool and hour, sorted the same on every server.
    hours: BTreeMap<(String, i64), i64>,
}

impl Usage {
    /// Starts without counts. People are hashed with a key derived from the secret that stays when
    /// the secret keys change.
    pub(crate) fn new(db: Db, clock: Clock, tools: Tools, root: &SecretKey) -> Self {
        Self(Arc::new(UsageInner {
            db,
            clock,
            tools,
            key: KeyedHash::new(root, "usage"),
            since: Mutex::default(),
        }))
    }

    /// Counts a launch at this time, in milliseconds since 1970. `platform_id` is the platform's
    /// id, or a name for launches without one. An anonymous launch has no subject and counts no
    /// person.
    pub fn launched(&self, tool_id: &str, platform_id: &str, subject: Option<&str>, at: i64) {
        let person = subject.map(|subject| self.hash(platform_id, subject));
        let key = UsageKey {
            tool_id: tool_id.to_owned(),
            platform_id: platform_id.to_owned(),
            day: day(date_at(at)),
        };
        let mut since = self.0.since.lock().unwrap_or_else(PoisonError::into_inner);
        *since
            .hours
            .entry((tool_id.to_owned(), hour(at)))
            .or_default() += 1;
        let count = since.counts.entry(key).or_default();
        count.launches += 1;
        if let Some(person) = person {
            count.people.add(person);
        }
    }

    /// Writes the counts, a few rows at a time, so that launches can be stored in between. Called
    /// every few minutes, and when the server stops.
    ///
    /// # Errors
    /// The store failed; the launches it missed stay uncounted.
    pub async fn write(&self) -> Result<(), StoreError> {
        let CountedSince { counts, hours } =
            std::mem::take(&mut *self.0.since.lock().unwrap_or_else(PoisonError::into_inner));
        if counts.is_empty() {
            return Ok(());
        }
        let write = self.0.db.spread(rows(counts), |mut tx, piece| {
            Box::pin(async move { save(&mut tx, piece).await })
        });
        write.await?;
        let hours: Vec<_> = hours.into_iter().collect();
        let write = self.0.db.spread(hours, |mut tx, piece| {
            Box::pin(async move { save_hours(&mut tx, piece).await })
        });
        write.await
    }

    /// Launches and people of a platform today; of the whole tool if `platform_id` is empty. With
    /// what this server hasn't written yet: people who may be in both are counted once.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn today(
        &self,
        tx: &mut Tx<'_>,
        tool_id: &str,
        platform_id: &str,
    ) -> Result<UsageOfPeriod, StoreError> {
        let period = day(date_at(self.now_ms()));
        let written = usage::between(tx, tool_id, platform_id, period, period).await?;
        let (launches, people) = self.unwritten(tool_id, platform_id, period);
        let written = written.first();
        Ok(UsageOfPeriod {
            period,
            launches: written.map_or(0, |today| today.launches) + launches,
            people: written.map_or(0, |today| today.people).max(people),
        })
    }

    /// Launches of a tool in each hour from one to another that had any, with what this server
    /// hasn't written yet. Hours are numbered as in `period`.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn by_hour(
        &self,
        tx: &mut Tx<'_>,
        tool_id: &str,
        from: i64,
        until: i64,
    ) -> Result<BTreeMap<i64, i64>, StoreError> {
        let written = usage::between(tx, tool_id, "", from, until).await?;
        let written = written.into_iter();
        let mut hours: BTreeMap<i64, i64> =
            written.map(|hour| (hour.period, hour.launches)).collect();
        let since = self.0.since.lock().unwrap_or_else(PoisonError::into_inner);
        let of_tool = (tool_id.to_owned(), from)..=(tool_id.to_owned(), until);
        for ((_, period), launches) in since.hours.range(of_tool) {
            *hours.entry(*period).or_default() += launches;
        }
        Ok(hours)
    }

    /// Whether a person may have launched from a platform this month. If not, they certainly
    /// haven't, by what has been written and what this server hasn't written yet.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn may_have_launched(
        &self,
        tx: &mut Tx<'_>,
        tool_id: &str,
        platform_id: &str,
        subject: &str,
    ) -> Result<bool, StoreError> {
        let person = self.hash(platform_id, subject);
        let period = month(date_at(self.now_ms()));
        if let Some(sketch) = usage::sketch(tx, tool_id, platform_id, period).await?
            && PeopleSketch::from_bytes(&sketch)?.may_contain(person)
        {
            return Ok(true);
        }
        let since = self.0.since.lock().unwrap_or_else(PoisonError::into_inner);
        let mut counts = since.counts.iter();
        Ok(counts.any(|(key, count)| {
            let is_meant = key.tool_id == tool_id && key.platform_id == platform_id;
            is_meant && count.people.may_contain(person)
        }))
    }

    fn unwritten(&self, tool_id: &str, platform_id: &str, day: i64) -> (i64, i64) {
        let since = self.0.since.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = since.counts.iter().filter(|(key, _)| {
            let is_meant = platform_id.is_empty() || key.platform_id == platform_id;
            is_meant && key.tool_id == tool_id && key.day == day
        });
        counts.fold((0, 0), |(launches, people), (_, count)| {
            (launches + count.launches, people + count.people.count())
        })
    }

    pub(super) fn db(&self) -> &Db {
        &self.0.db
    }

    pub(super) fn tools(&self) -> &Tools {
        &self.0.tools
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.0.clock.now_ms()
    }

    fn hash(&self, platform_id: &str, subject: &str) -> u32 {
        let tag = self.0.key.of(&[platform_id.as_bytes(), subject.as_bytes()]);
        let first = tag.as_ref().first_chunk::<4>();
        first.map_or(0, |first| u32::from_be_bytes(*first))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use store::usage::UsageOfPlatform;

    use super::*;
    use crate::kit::clock::Random;
    use crate::testing::{PLATFORM, Scratch, TOOL};

    /// 24 November 2026.
    const AT: i64 = 1_795_517_760_000;
    const HOUR_MS: i64 = 60 * 60 * 1000;
    const DAY_MS: i64 = 24 * HOUR_MS;

    fn counting(scratch: &Scratch, root: &SecretKey) -> Usage {
        let tools = Tools::new(scratch.db.clone());
        Usage::new(scratch.db.clone(), scratch.clock.clone(), tools, root)
    }

    fn root() -> SecretKey {
        SecretKey::generate(&Random::default())
    }

    /// The tool's launches and people in a period.
    async fn total(scratch: &Scratch, period: i64) -> Option<(i64, i64)> {
        let mut reader = scratch.db.read().await.unwrap();
        let found = usage::between(&mut reader.tx(), TOOL, "", period, period).await;
        let found: Vec<UsageOfPeriod> = found.unwrap();
        found.first().map(|of| (of.launches, of.people))
    }

    #[tokio::test]
    async fn launches_of_several_servers_are_added_and_people_merged() {
        let scratch = Scratch::with_platform().await;
        let root = root();
        let (usage, other) = (counting(&scratch, &root), counting(&scratch, &root));
        for (number, at) in [(1, AT), (2, AT), (1, AT + DAY_MS)] {
            usage.launched(TOOL, PLATFORM, Some(&format!("s{number}")), at);
        }
        usage.launched(TOOL, PLATFORM, None, AT);
        usage.launched(TOOL, "studyreel", Some("s1"), AT);
        usage.write().await.unwrap();
        usage.write().await.unwrap();
        assert_eq!(total(&scratch, 20_261_124).await, Some((4, 3)));
        assert_eq!(total(&scratch, 20_261_125).await, Some((1, 1)));
        assert_eq!(total(&scratch, 202_611).await, Some((5, 3)));
        assert_eq!(total(&scratch, 2_026_112_410).await, Some((4, 0)));
        for number in 1..4 {
            other.launched(TOOL, PLATFORM, Some(&format!("s{number}")), AT);
        }
        other.write().await.unwrap();
        assert_eq!(total(&scratch, 20_261_124).await, Some((7, 4)));
        assert_eq!(total(&scratch, 2_026_112_410).await, Some((7, 0)));
        assert_eq!(total(&scratch, 202_611).await, Some((8, 4)));
        let mut reader = scratch.db.read().await.unwrap();
        let of = usage::of_platforms(&mut reader.tx(), TOOL, 202_611, 10).await;
        let of: Vec<UsageOfPlatform> = of.unwrap();
        let told: Vec<_> = of
            .iter()
            .map(|of| (&*of.platform_id, of.name.as_deref(), of.launches, of.people))
            .collect();
        let expected = [(PLATFORM, Some("LMS"), 7, 3), ("studyreel", None, 1, 1)];
        assert_eq!(told, expected);
    }

    #[tokio::test]
    async fn what_is_not_written_yet_counts_today() {
        let scratch = Scratch::with_platform().await;
        let usage = counting(&scratch, &root());
        let now = scratch.clock.now_ms();
        let today = async |platform: &str| {
            let mut reader = scratch.db.read().await.unwrap();
            let today = usage.today(&mut reader.tx(), TOOL, platform).await.unwrap();
            (today.launches, today.people)
        };
        assert_eq!(today("").await, (0, 0));
        usage.launched(TOOL, PLATFORM, Some("s1"), now);
        usage.launched(TOOL, "studyreel", Some("s1"), now);
        assert_eq!((today("").await, today(PLATFORM).await), ((2, 2), (1, 1)));
        usage.write().await.unwrap();
        assert_eq!((today("").await, today(PLATFORM).await), ((2, 2), (1, 1)));
        usage.launched(TOOL, PLATFORM, Some("s1"), now);
        usage.launched("another tool", PLATFORM, Some("s1"), now);
        assert_eq!((today("").await, today(PLATFORM).await), ((3, 2), (2, 1)));
    }

    #[tokio::test]
    async fn who_has_not_launched_this_month_is_known() {
        let scratch = Scratch::with_platform().await;
        let usage = counting(&scratch, &root());
        let now = scratch.clock.now_ms();
        let has = async |subject: &str| {
            let mut reader = scratch.db.read().await.unwrap();
            let tx = &mut reader.tx();
            let known = usage.may_have_launched(tx, TOOL, PLATFORM, subject);
            known.await.unwrap()
        };
        usage.launched(TOOL, PLATFORM, Some("s1"), now);
        usage.launched(TOOL, "studyreel", Some("s2"), now);
        assert_eq!(
            [has("s1").await, has("s2").await, has("Sam").await],
            [true, false, false]
        );
        usage.write().await.unwrap();
        assert_eq!(
            [has("s1").await, has("s2").await, has("Sam").await],
            [true, false, false]
        );
    }

    #[tokio::test]
    async fn what_is_not_written_yet_counts_in_its_hour() {
        let scratch = Scratch::with_platform().await;
        let usage = counting(&scratch, &root());
        let first = hour(AT);
        let hours = async || {
            let mut reader = scratch.db.read().await.unwrap();
            let hours = usage
                .by_hour(&mut reader.tx(), TOOL, first, first + 1)
                .await;
            hours.unwrap().into_iter().collect::<Vec<_>>()
        };
        usage.launched(TOOL, PLATFORM, None, AT);
        usage.launched(TOOL, PLATFORM, None, AT - HOUR_MS);
        assert_eq!(hours().await, [(first, 1)]);
        usage.write().await.unwrap();
        usage.launched("another tool", PLATFORM, None, AT);
        usage.launched(TOOL, PLATFORM, None, AT);
        usage.launched(TOOL, PLATFORM, None, AT + HOUR_MS);
        usage.launched(TOOL, PLATFORM, None, AT + 2 * HOUR_MS);
        assert_eq!(hours().await, [(first, 2), (first + 1, 1)]);
    }

    #[tokio::test]
    async fn many_people_of_one_platform_stay_a_kilobyte() {
        let scratch = Scratch::with_platform().await;
        let usage = counting(&scratch, &root());
        for number in 0..2_000 {
            usage.launched(TOOL, PLATFORM, Some(&format!("s{number}")), AT);
            if number == 1_000 {
                usage.write().await.unwrap();
            }
        }
        usage.write().await.unwrap();
        let (launches, people) = total(&scratch, 20_261_124).await.unwrap();
        assert_eq!(launches, 2_000);
        assert!((1_740..=2_260).contains(&people), "{people}");
    }
}

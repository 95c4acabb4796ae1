//! Removes what is out of date: the sketches of past days and months, and old numbers.

use store::{StoreError, usage};

use super::period::{FIRST_DAY, FIRST_HOUR, date_at, day, days_before, hour, month};
use super::room::Usage;

/// How many days after a day ends a server may still write counts for it.
const LATE: i32 = 1;
/// For how many days the daily numbers of a platform are kept.
const PLATFORM_DAYS: i32 = 100;
/// For how many days everything else, monthly numbers and a tool's daily ones, is kept: three
/// years.
const KEPT_DAYS: i32 = 1_100;
/// How long hourly numbers are kept, in milliseconds: the portal shows a day of them.
const HOURS_MS: i64 = 48 * 60 * 60 * 1000;

impl Usage {
    /// Removes what is out of date at `now`, in milliseconds since 1970. The batches are small
    /// enough that launches hardly notice.
    ///
    /// # Errors
    /// The store failed for at least one kind or tool; the next call continues.
    pub(crate) async fn forget(&self, now: i64) -> Result<(), StoreError> {
        let today = date_at(now);
        let written = days_before(today, LATE);
        let (recent, kept) = (
            days_before(today, PLATFORM_DAYS),
            days_before(today, KEPT_DAYS),
        );
        let mut all = self.close(FIRST_DAY, day(written)).await;
        all = all.and(self.close(0, month(written)).await);
        for tool in self.tools().all().iter() {
            let id = &tool.id;
            all = all.and(self.forget_platforms(id, FIRST_DAY, day(recent)).await);
            all = all.and(self.forget_platforms(id, 0, month(kept)).await);
            all = all.and(self.forget_totals(id, FIRST_DAY, day(kept)).await);
            all = all.and(self.forget_totals(id, 0, month(kept)).await);
            let hours = hour(now.saturating_sub(HOURS_MS));
            all = all.and(self.forget_totals(id, FIRST_HOUR, hours).await);
        }
        all
    }

    async fn forget_totals(&self, tool_id: &str, from: i64, until: i64) -> Result<(), StoreError> {
        let tool_id = tool_id.to_owned();
        let forget = self.db().write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { usage::delete_totals(&mut tx, tool_id, from, until).await })
        });
        forget.await
    }

    async fn close(&self, from: i64, until: i64) -> Result<(), StoreError> {
        let close = self.db().sweep(move |mut tx, most| {
            Box::pin(async move { usage::close(&mut tx, from, until, most).await })
        });
        close.await.map(drop)
    }

    async fn forget_platforms(
        &self,
        tool_id: &str,
        from: i64,
        until: i64,
    ) -> Result<(), StoreError> {
        let tool_id = tool_id.to_owned();
        let forget = self.db().sweep(move |mut tx, most| {
            let tool_id = tool_id.clone();
            Box::pin(async move { usage::delete_old(&mut tx, tool_id, (from, until), most).await })
        });
        forget.await.map(drop)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;
    use crate::directory::tools::Tools;
    use crate::kit::clock::Random;
    use crate::kit::seal::SecretKey;
    use crate::testing::{PLATFORM, Scratch, TOOL};

    /// 24 November 2026.
    const AT: i64 = 1_795_517_760_000;
    const DAY_MS: i64 = 24 * 60 * 60 * 1000;

    /// Launches and people of a platform, or of the whole tool, in a period.
    async fn numbers(scratch: &Scratch, platform_id: &str, period: i64) -> Option<(i64, i64)> {
        let mut reader = scratch.db.read().await.unwrap();
        let found = usage::between(&mut reader.tx(), TOOL, platform_id, period, period).await;
        found
            .unwrap()
            .first()
            .map(|found| (found.launches, found.people))
    }

    #[tokio::test]
    async fn of_what_is_over_the_numbers_stay_until_they_are_old() {
        let scratch = Scratch::with_platform().await;
        let tools = Tools::new(scratch.db.clone());
        tools.reload().await.unwrap();
        let root = SecretKey::generate(&Random::default());
        let usage = Usage::new(scratch.db.clone(), scratch.clock.clone(), tools, &root);
        let (today, november) = (20_261_124, 202_611);
        let launch = async |subject: &str| {
            usage.launched(TOOL, PLATFORM, Some(subject), AT);
            usage.write().await.unwrap();
        };
        launch("s1").await;
        usage.forget(AT + DAY_MS).await.unwrap();
        launch("s1").await;
        launch("s2").await;
        assert_eq!(numbers(&scratch, PLATFORM, today).await, Some((3, 2)));
        // The day is over, the month isn't.
        usage.forget(AT + 2 * DAY_MS).await.unwrap();
        assert_eq!(numbers(&scratch, "", hour(AT)).await, Some((3, 0)));
        usage.forget(AT + 2 * DAY_MS + DAY_MS / 24).await.unwrap();
        assert_eq!(numbers(&scratch, "", hour(AT)).await, None);
        launch("s3").await;
        assert_eq!(numbers(&scratch, PLATFORM, today).await, Some((4, 2)));
        assert_eq!(numbers(&scratch, PLATFORM, november).await, Some((4, 3)));
        assert_eq!(numbers(&scratch, "", november).await, Some((4, 3)));
        usage.forget(AT + 101 * DAY_MS).await.unwrap();
        launch("s4").await;
        assert_eq!(numbers(&scratch, PLATFORM, november).await, Some((5, 3)));
        usage.forget(AT + 101 * DAY_MS).await.unwrap();
        assert_eq!(numbers(&scratch, PLATFORM, today).await, None);
        assert!(numbers(&scratch, "", today).await.is_some());
        usage.forget(AT + 1_140 * DAY_MS).await.unwrap();
        for period in [today, november] {
            assert_eq!(numbers(&scratch, "", period).await, None);
            assert_eq!(numbers(&scratch, PLATFORM, period).await, None);
        }
    }
}

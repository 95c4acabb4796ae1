//! What a case can check beyond the answer: what the application stored, and what it made of a
//! student.

use super::{
    bench::{Bench, Draft},
    checks::{Checks, Step, Stop, expect, not_run},
    end::End,
    insight::{Census, Insight, Seen},
};
use crate::html;

const NEEDS_INSIGHT: &str = "accepted; what became of it needs a look inside";

impl Bench {
    /// Each of the launches must be refused, and together they must leave nothing behind: `sub` is
    /// unknown afterwards.
    pub(super) async fn refuse_each(
        &self,
        checks: &mut Checks,
        sub: &str,
        launches: Vec<(String, Draft)>,
    ) -> Step {
        let before = self.census().await?;
        for (label, launch) in launches {
            checks.sub(&label, self.refused(&launch).await);
        }
        expect(
            self.census().await? == before,
            "refused launches have left something in the store",
        )?;
        let after = self.ok(&self.valid(sub)).await;
        let after = after.and_then(|after| {
            expect(
                after.is_new,
                "the refused launches have created the account",
            )
        });
        checks.sub("the next valid launch", after);
        Ok(())
    }

    /// What is stored, if the application counts it.
    pub(super) async fn census(&self) -> Step<Option<Census>> {
        match self.insight().and_then(Insight::census) {
            None => Ok(None),
            Some(later) => later.await.map(Some).map_err(inside),
        }
    }

    /// The application's knowledge of the student behind a link. Not run without a look inside.
    pub(super) async fn seen(&self, link: &str) -> Step<Seen> {
        if self.options.insight.is_none() {
            return not_run(NEEDS_INSIGHT);
        }
        let end = self.visit(link).await?;
        match self.look(&end).await? {
            Some(seen) => Ok(seen),
            None => not_run(NEEDS_INSIGHT),
        }
    }

    /// The application's knowledge of the student whose link ended like this.
    pub(super) async fn look(&self, end: &End) -> Step<Option<Seen>> {
        if !end.signed_in() {
            let why = end.without_session();
            return Err(Stop::Failed(format!("the login link does not open: {why}")));
        }
        match self.insight().and_then(|insight| insight.seen(end)) {
            None => Ok(None),
            Some(later) => later.await.map(Some).map_err(inside),
        }
    }

    /// Launches, and returns what the application made of it.
    pub(super) async fn placed(&self, message: &Draft) -> Step<Seen> {
        self.seen(&self.ok(message).await?.link).await
    }

    /// Launches a student with this name, and expects the application to show it.
    pub(super) async fn shows(&self, sub: &str, given: &str, family: &str) -> Step<String> {
        let launch = self
            .valid(sub)
            .with("given_name", given)
            .with("family_name", family);
        let accepted = self.ok(&launch).await?;
        let end = self.visit(&accepted.link).await?;
        let page = end.page.text();
        let name = format!("{given} {family}");
        let name = name.trim();
        match self.look(&end).await? {
            Some(seen) if seen.name == name => Ok(page),
            Some(seen) => Err(Stop::Failed(format!("the name is {:?}", seen.name))),
            None if html::visible_text(&page).contains(name) => Ok(page),
            None => not_run("accepted; the page shows no name, so this needs a look inside"),
        }
    }
}

/// An error reported by the application's own side.
pub(super) fn inside(mut why: String) -> Stop {
    why.insert_str(0, "inside the app: ");
    Stop::Failed(why)
}

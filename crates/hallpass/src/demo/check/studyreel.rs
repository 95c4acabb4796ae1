//! StudyReel's half of the walk: a student launches, and comes back.

use anyhow::{Context, ensure};
use simulator::browser::Browser;
use simulator::studyreel::{Student, Verdict};

use super::pages::{arrived, shows};
use crate::demo::report::DemoReport;
use crate::demo::world::World;

/// From the first launch of a new student to the second.
pub(super) async fn walk(world: &World, report: &mut DemoReport) -> anyhow::Result<()> {
    let browser = Browser::new()?.wanting_pages();
    let first = report
        .step(
            "StudyReel launches a new student: the five members",
            async {
                let verdict = launch(world, &browser).await?;
                answered(&verdict, "new")?;
                let user = verdict.user_id().unwrap_or_default();
                ensure!(
                    user == "pupil-1",
                    "userID is {user}, not the one of the application's account"
                );
                Ok(verdict)
            },
        )
        .await?;
    let link = first.login_link().unwrap_or_default();
    report
        .step("open the login link: where the student starts", async {
            let page = browser.open(&link).await?;
            arrived(world, &page, "John Doe", "Student")?;
            let account = "<code id=\"account\">pupil-1</code>, made just now";
            shows(&page, 200, &[account])?;
            let row = |subject, grade| {
                format!("<th scope=\"row\">{subject}</th><td data-label=\"Grade\">{grade}</td>")
            };
            let rows = [("math", 5), ("language", 5), ("science", 6), ("reading", 5)]
                .map(|(subject, grade)| row(subject, grade));
            shows(&page, 200, &rows.each_ref().map(String::as_str))?;
            let conflicts = page
                .text()
                .matches("<span class=\"tag bad\">yes</span>")
                .count();
            ensure!(conflicts == 3, "{conflicts} conflicts are shown, not 3");
            Ok(())
        })
        .await?;
    report
        .step("open the same link again: refused", async {
            let page = browser.fresh().open(&link).await?;
            shows(
                &page,
                410,
                &["Go back to StudyReel / AlphaLearn and open the app again"],
            )
        })
        .await?;
    report
        .step("StudyReel launches the student again: existing", async {
            let verdict = launch(world, &browser).await?;
            answered(&verdict, "existing")?;
            ensure!(verdict.user_id() == first.user_id(), "another userID");
            let page = browser
                .open(&verdict.login_link().unwrap_or_default())
                .await?;
            arrived(world, &page, "John Doe", "Student")
        })
        .await
}

/// Clicks Launch beside the documented student.
async fn launch(world: &World, browser: &Browser) -> anyhow::Result<Verdict> {
    let sub = Student::documented().sub;
    let page = browser.get(world.studyreel.url()).await?;
    let form = page
        .forms()
        .into_iter()
        .find(|form| form.field("student") == Some(&sub))
        .context("StudyReel shows no launch button for the documented student")?;
    let page = browser.submit(&page, &form).await?;
    ensure!(
        page.status == 200,
        "StudyReel's page has the status {}",
        page.status
    );
    let launched = world.studyreel.transcript().pop();
    Ok(launched.context("StudyReel's transcript is empty")?.verdict)
}

fn answered(verdict: &Verdict, kind: &str) -> anyhow::Result<()> {
    ensure!(verdict.accepted(), "{verdict}: {}", verdict.body);
    let answer = verdict.json();
    let mut names: Vec<&str> = answer
        .as_object()
        .map(|members| members.keys().map(String::as_str).collect())
        .unwrap_or_default();
    names.sort_unstable();
    ensure!(
        names == ["loginLink", "message", "status", "userID", "userType"],
        "the answer's members are {names:?}"
    );
    ensure!(
        answer["userType"] == kind,
        "userType is {}, not {kind}",
        answer["userType"]
    );
    Ok(())
}

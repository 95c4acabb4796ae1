//! A teacher's work in a course: the roster, content, and a grade.

use std::time::Duration;

use anyhow::{Context, ensure};
use simulator::browser::{Browser, Page};

use super::pages::{self, arrived, press, shows};
use super::{launch, open, through};
use crate::demo::report::DemoReport;
use crate::demo::world::World;

/// How long a grade may take to reach the gradebook.
const PATIENCE: Duration = Duration::from_secs(60);

/// From the course's roster to a grade for the selected content.
pub(super) async fn walk(
    world: &World,
    browser: &Browser,
    tool: &str,
    report: &mut DemoReport,
) -> anyhow::Result<()> {
    report
        .step(
            "list the course's roster: two teachers, five students",
            async {
                let launched = launch(browser, tool, "3").await?;
                roster(browser, &launched.page).await.map(drop)
            },
        )
        .await?;
    let link = report
        .step(
            "select content as a teacher: the picker, and back into the course",
            select(world, browser, tool),
        )
        .await?;
    report
        .step("launch what was selected as a student", async {
            let launched = open(&browser.fresh(), tool, "5", Some(&link)).await?;
            arrived(world, &launched.page, "Sam Rivera", "Student")?;
            shows(&launched.page, 200, &["Exercise: <strong>Tides</strong>"])
        })
        .await?;
    report
        .step(
            "grade the student: 4 of 5 in the LMS's gradebook, and the student sees it arrive",
            grade(world, browser, tool, &link),
        )
        .await
}

/// The application's course page, reached from the page of a teacher's launch.
async fn roster(browser: &Browser, launched: &Page) -> anyhow::Result<Page> {
    let page = press(browser, launched, "/students").await?;
    shows(
        &page,
        200,
        &["Maria Okafor", "Jonas Lind", "Sam Rivera", "丽 王"],
    )?;
    let count = |role: &str| {
        page.text()
            .matches(&format!("data-label=\"Role\">{role}<"))
            .count()
    };
    let (teachers, students) = (count("Instructor"), count("Learner"));
    ensure!(
        (teachers, students) == (2, 5),
        "the roster has {teachers} teachers and {students} students"
    );
    Ok(page)
}

/// From the teacher's launch of a link to the grade in the LMS.
async fn grade(world: &World, browser: &Browser, tool: &str, link: &str) -> anyhow::Result<()> {
    let launched = open(browser, tool, "3", Some(link)).await?;
    let page = roster(browser, &launched.page).await?;
    let mut forms = page.forms().into_iter();
    let form = forms.find(|form| form.field("user") == Some("5"));
    let mut form = form.context("the application shows no form to grade Sam Rivera")?;
    form.set("points", "4");
    let page = browser.submit(&page, &form).await?;
    shows(&page, 200, &["Sam Rivera has 4"])?;
    let (_, place) = link.split_once('/').context("the link has no place")?;
    // Delivery happens in the background.
    let arrived = async {
        while graded(world, place)? != Some(4.0) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        anyhow::Ok(())
    };
    let arrived = tokio::time::timeout(PATIENCE, arrived).await;
    arrived.context("the grade does not arrive in the LMS's gradebook")??;
    let told = async {
        loop {
            let launched = open(&browser.fresh(), tool, "5", Some(link)).await?;
            shows(&launched.page, 200, &["Your grade: <strong>4"])?;
            if launched.page.text().contains("in your gradebook") {
                return anyhow::Ok(());
            }
        }
    };
    let told = tokio::time::timeout(PATIENCE, told).await;
    told.context("the student is not told that the grade arrived")?
}

/// The student's grade for a link, from the LMS's gradebook.
fn graded(world: &World, link: &str) -> anyhow::Result<Option<f64>> {
    let tools = world.lms.tools();
    let tool = tools.first().context("the LMS has lost the tool")?;
    let items = world.lms.line_items(&tool.client_id);
    let item = items.iter().find(|item| item.link.as_deref() == Some(link));
    Ok(item.and_then(|item| item.scores.get("5")?.score))
}

/// From the LMS's dialog to the saved link. Returns the link's place on the LMS's page.
async fn select(world: &World, browser: &Browser, tool: &str) -> anyhow::Result<String> {
    let page = browser.get(tool).await?;
    let mut forms = page.forms().into_iter();
    let form = forms.find(|form| form.field("deep_linking").is_some());
    let form = form.context("the LMS shows no form to select content")?;
    let launched = through(browser, &page, &form).await?;
    shows(
        &launched.page,
        200,
        &["Choose exercises for Programming in Rust"],
    )?;
    let mut form = pages::form(&launched.page, "/choose")?;
    form.set("exercise", "tides");
    let back = browser.submit(&launched.page, &form).await?;
    let form = back
        .auto_form()
        .context("the application hands nothing back")?;
    let chosen = browser.submit(&back, &form).await?;
    shows(
        &chosen,
        200,
        &["The response is good. 1 item was put into the course."],
    )?;
    let again = browser.submit(&back, &form).await?;
    shows(&again, 400, &["nonce was used before"])?;
    let courses = world.lms.courses();
    let course = courses.first().context("the LMS has no course")?;
    let link = course.links.last().context("the course has no link")?;
    ensure!(
        link.title == "Tides",
        "the course's last link is {}",
        link.title
    );
    Ok(format!("{}/{}", course.id, link.id))
}

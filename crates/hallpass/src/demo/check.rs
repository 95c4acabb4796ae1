//! The automatic walk through the demo: does what a person would click, and checks the results.

mod course;
mod pages;
mod studyreel;

use anyhow::{Context, bail, ensure};
use simulator::browser::{Browser, Form, Page};

use self::pages::{arrived, form, press, shows};
use super::log::Log;
use super::place::DemoPlace;
use super::report::DemoReport;
use super::world::World;

/// The message that an LMS waits for at the end of a registration.
const CLOSE: &str = "org.imsglobal.lti.close";

/// Starts the demo, walks through it, prints each step, and stops the demo.
pub(super) async fn walk(place: DemoPlace, log: Log) -> anyhow::Result<()> {
    let mut report = DemoReport::new();
    let world = report
        .step(
            "start Hallpass, both simulators and the application",
            World::start(place, log),
        )
        .await?;
    let walked = lms_half(&world, &mut report).await;
    let walked = match walked {
        Ok(()) => studyreel::walk(&world, &mut report).await,
        failed => failed,
    };
    let walked = match walked {
        Ok(()) => home(&world, &mut report).await,
        failed => failed,
    };
    // The folder is removed even if the walk failed.
    let stopped = report
        .step("stop, and leave nothing behind", async {
            let folder = world.stop().await?;
            ensure!(!folder.exists(), "{} is still there", folder.display());
            Ok(())
        })
        .await;
    walked.and(stopped)?;
    report.all_held()?;
    Ok(())
}

async fn lms_half(world: &World, report: &mut DemoReport) -> anyhow::Result<()> {
    let browser = Browser::new()?.wanting_pages();
    let tool = registration(world, report, &browser).await?;
    launches(world, report, &browser, &tool).await
}

/// From the LMS's dialog to a platform that may launch. Returns the address of the LMS's page about
/// the tool.
async fn registration(
    world: &World,
    report: &mut DemoReport,
    browser: &Browser,
) -> anyhow::Result<String> {
    let tool = report
        .step(
            "register with the pretend LMS: the page says who activates it",
            register(world, browser),
        )
        .await?;
    report
        .step("switch the tool on in the LMS", async {
            let page = browser.get(&tool).await?;
            let page = press(browser, &page, "/activate").await?;
            shows(&page, 200, &["Open in a frame"])
        })
        .await?;
    report
        .step("not active in Hallpass yet: the launch is refused", async {
            let launched = launch(browser, &tool, "5").await?;
            shows(&launched.page, 400, &["still waits to be activated"])
        })
        .await?;
    report
        .step(
            "activate the LMS on the application's page Platforms",
            async {
                let page = browser.get(&format!("{}/platforms", world.app_url)).await?;
                shows(&page, 200, &[world.lms.url(), "not active"])?;
                let page = press(browser, &page, "/activate").await?;
                shows(&page, 200, &[">active<"])
            },
        )
        .await?;
    Ok(tool)
}

/// Teachers and students launch, a used token is refused, and content that a teacher selects is
/// opened.
async fn launches(
    world: &World,
    report: &mut DemoReport,
    browser: &Browser,
    tool: &str,
) -> anyhow::Result<()> {
    report
        .step("launch as a teacher: name, course and role", async {
            let launched = launch(browser, tool, "3").await?;
            arrived(world, &launched.page, "Maria Okafor", "Teacher")?;
            shows(&launched.page, 200, &["Programming in Rust"])
        })
        .await?;
    let student = report
        .step("launch as a student: name, course and role", async {
            let student = browser.fresh();
            let launched = launch(&student, tool, "5").await?;
            arrived(world, &launched.page, "Sam Rivera", "Student")?;
            shows(&launched.page, 200, &["Programming in Rust"])?;
            Ok((student, launched))
        })
        .await?;
    report
        .step(
            "the same token once more: refused",
            replay(&student.0, &student.1),
        )
        .await?;
    course::walk(world, browser, tool, report).await
}

async fn register(world: &World, browser: &Browser) -> anyhow::Result<String> {
    let page = browser
        .get(&format!("{}/tools/new", world.lms.url()))
        .await?;
    let mut form = form(&page, "/tools/dynamic")?;
    form.set("url", format!("{}/lti/register", world.gateway_url));
    let page = browser.submit(&page, &form).await?;
    let frame = page.frames().into_iter().next();
    let frame = frame.context("the LMS shows no frame")?;
    let page = browser.get(frame.as_str()).await?;
    shows(
        &page,
        200,
        &[CLOSE, "Registration complete", "has to activate"],
    )?;
    let tools = world.lms.tools();
    let tool = tools.first().context("no tool is registered in the LMS")?;
    Ok(format!("{}/tools/{}", world.lms.url(), tool.client_id))
}

/// A completed launch.
struct Launched {
    page: Page,
    /// The page with the form that contained the token, and that form.
    token: Option<(Page, Form)>,
    /// The cookies set on the way, with the addresses that set them.
    cookies: Vec<(String, String)>,
}

async fn launch(browser: &Browser, tool: &str, user: &str) -> anyhow::Result<Launched> {
    open(browser, tool, user, None).await
}

/// Opens the tool from the given place on the LMS's page, or from the first one.
async fn open(
    browser: &Browser,
    tool: &str,
    user: &str,
    place: Option<&str>,
) -> anyhow::Result<Launched> {
    let page = browser.get(tool).await?;
    let mut form = form(&page, "/frame")?;
    form.set("user", user);
    if let Some(place) = place {
        form.set("place", place);
    }
    through(browser, &page, &form).await
}

/// Opens the tool in a frame, as the LMS's page does, and keeps what an eavesdropper would see.
async fn through(browser: &Browser, page: &Page, form: &Form) -> anyhow::Result<Launched> {
    let page = browser.submit(page, form).await?;
    let frame = page.frames().into_iter().next();
    let frame = frame.context("the LMS shows no frame")?;
    let mut page = browser.get(frame.as_str()).await?;
    let (mut token, mut cookies) = (None, Vec::new());
    for _ in 0..10 {
        for hop in &page.hops {
            let set = hop.set_cookies.iter();
            cookies.extend(set.map(|cookie| (hop.url.to_string(), cookie.clone())));
        }
        let Some(form) = page.auto_form() else {
            return Ok(Launched {
                page,
                token,
                cookies,
            });
        };
        let next = browser.submit(&page, &form).await?;
        if form.field("id_token").is_some() {
            token = Some((page, form));
        }
        page = next;
    }
    bail!(
        "the launch goes round in circles, the last time at {}",
        page.url
    )
}

/// Posts a launch's token again, with the cookies it had.
async fn replay(browser: &Browser, launched: &Launched) -> anyhow::Result<()> {
    let (page, form) = launched.token.as_ref().context("no token was posted")?;
    for (url, cookie) in &launched.cookies {
        if !cookie.contains("Max-Age=0") {
            browser.set_cookie(url, cookie)?;
        }
    }
    let page = browser.submit(page, form).await?;
    shows(&page, 401, &["used already"])
}

/// The demo's start page has noticed every step.
async fn home(world: &World, report: &mut DemoReport) -> anyhow::Result<()> {
    report
        .step(
            "open the demo's home page: its four steps are ticked",
            async {
                let browser = Browser::new()?.wanting_pages();
                let page = browser.get(&format!("{}/", world.home.url)).await?;
                shows(&page, 200, &["4 of 4 done", "&#34;John Doe&#34;"])
            },
        )
        .await
}

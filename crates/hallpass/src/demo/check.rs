//! The walk: what a person clicks in the demo, done and judged by a program.

mod course;

use anyhow::{Context, bail, ensure};
use simulator::browser::{Browser, Form, Page};
use simulator::studyreel::{Student, Verdict};

use super::log::Log;
use super::place::DemoPlace;
use super::report::DemoReport;
use super::world::World;

/// What an LMS waits for when a registration is done.
const CLOSE: &str = "org.imsglobal.lti.close";

/// Starts the demo, walks through it, prints each step, and stops it.
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
        Ok(()) => studyreel_half(&world, &mut report).await,
        failed => failed,
    };
    let walked = match walked {
        Ok(()) => home(&world, &mut report).await,
        failed => failed,
    };
    // The folder goes away however the walk went.
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

/// From the LMS's dialog to a platform that may launch; the address of the LMS's page about the tool.
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
            shows(
                &launched.page,
                400,
                &["not yet registered or activated here"],
            )
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

/// Teachers and students arrive, a used token is refused, and what a teacher selects is opened.
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

/// A launch that came to its end.
struct Launched {
    page: Page,
    /// The page with the form that held the token, and that form.
    token: Option<(Page, Form)>,
    /// The cookies that were set on the way, with the addresses that set them.
    cookies: Vec<(String, String)>,
}

async fn launch(browser: &Browser, tool: &str, user: &str) -> anyhow::Result<Launched> {
    open(browser, tool, user, None).await
}

/// Opens the tool from the place of the LMS's page, or from the first of its places.
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

/// Opens the tool in a frame, as the LMS's page does it, and keeps what an eavesdropper would.
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

async fn studyreel_half(world: &World, report: &mut DemoReport) -> anyhow::Result<()> {
    let browser = Browser::new()?.wanting_pages();
    let first = report
        .step(
            "StudyReel launches a new student: the five members",
            async {
                let verdict = studyreel_launch(world, &browser).await?;
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
            let verdict = studyreel_launch(world, &browser).await?;
            answered(&verdict, "existing")?;
            ensure!(verdict.user_id() == first.user_id(), "another userID");
            let page = browser
                .open(&verdict.login_link().unwrap_or_default())
                .await?;
            arrived(world, &page, "John Doe", "Student")
        })
        .await
}

/// The page that people begin with has seen all of it.
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

/// Clicks Launch beside the documented student.
async fn studyreel_launch(world: &World, browser: &Browser) -> anyhow::Result<Verdict> {
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

/// The browser is at the application, which knows who came.
fn arrived(world: &World, page: &Page, name: &str, role: &str) -> anyhow::Result<()> {
    ensure!(
        page.url
            .as_str()
            .starts_with(&format!("{}/launch?", world.app_url)),
        "the browser is at {} ({}): {}",
        page.url,
        page.status,
        words(page)
    );
    ensure!(
        page.hops.iter().all(|hop| {
            hop.set_cookies.is_empty() || !hop.url.as_str().starts_with(&world.app_url)
        }),
        "the application set a cookie"
    );
    let name = format!("<dd id=\"name\">{name}</dd>");
    shows(page, 200, &[&name, &format!("<dd id=\"role\">{role}</dd>")])
}

fn form(page: &Page, path: &str) -> anyhow::Result<Form> {
    page.form_to(path)
        .with_context(|| format!("{} ({}) has no form to {path}", page.url, page.status))
}

/// Presses the button of the one form that goes to an address ending so.
async fn press(browser: &Browser, page: &Page, path: &str) -> anyhow::Result<Page> {
    Ok(browser.submit(page, &form(page, path)?).await?)
}

fn shows(page: &Page, status: u16, texts: &[&str]) -> anyhow::Result<()> {
    ensure!(
        page.status == status,
        "{} answered {}, not {status}: {}",
        page.url,
        page.status,
        words(page)
    );
    let body = page.text();
    for text in texts {
        ensure!(
            body.contains(text),
            "{} does not show {text:?}: {}",
            page.url,
            words(page)
        );
    }
    Ok(())
}

/// A page's first words, without markup.
fn words(page: &Page) -> String {
    let (mut words, mut in_tag) = (String::new(), false);
    let text = page.text();
    let body = text.split_once("<body").map_or(&*text, |(_, body)| body);
    for letter in body.chars() {
        match letter {
            '<' => in_tag = true,
            '>' => {
                in_tag = false;
                words.push(' ');
            }
            _ if !in_tag => words.push(letter),
            _ => {}
        }
    }
    let words: Vec<&str> = words.split_whitespace().take(60).collect();
    words.join(" ")
}

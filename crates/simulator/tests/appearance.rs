//! Every page for people on a screen of 360 pixels, on a light and on a dark background, in
//! Chromium (Debian's package; `scripts/test` installs it).
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod support;

use std::{collections::BTreeMap, process::Stdio, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::header::CONTENT_TYPE,
    response::{Html, IntoResponse},
    routing::{get, post},
};
use serde_json::{Value, json};
use simulator::{
    browser::{Browser, Page},
    lms::{Launch, Lms, Options},
    profiles::Profile,
    studyreel::{self, StudyReel},
};
use support::FakeTool;
use tokio::{
    process::{Child, Command},
    sync::mpsc,
};

/// How long Chromium may take: the machine may be busy with other tests.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: &str = include_str!("appearance.js");

type Pages = Arc<BTreeMap<String, String>>;

/// Serves copies of the pages, and one page that looks at all of them and sends what it sees.
async fn serve(pages: BTreeMap<String, String>, seen: mpsc::Sender<Value>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.3:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let names = serde_json::to_string(&pages.keys().collect::<Vec<_>>()).unwrap();
    let looker = format!("<!doctype html><body><script>{LOOK}\nlookAt({names});</script>");
    let told = move |Json(all): Json<Value>| async move { seen.send(all).await.unwrap() };
    let router = Router::new()
        .route("/", get(|| async { Html(looker) }))
        .route("/seen", post(told))
        .route("/page/{name}", get(one))
        .route("/style.css", get(style))
        .with_state(Arc::new(pages));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

async fn one(State(pages): State<Pages>, Path(name): Path<String>) -> Html<String> {
    Html(pages[&name].clone())
}

async fn style() -> impl IntoResponse {
    let style = include_str!("../templates/style.css");
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], style)
}

/// Where `scripts/test` found Chromium.
fn program() -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one setting of the browser tests"
    )]
    let path = std::env::var("TEST_CHROMIUM");
    path.expect("TEST_CHROMIUM is not set: use scripts/test, or set it to the program's path")
}

/// Chromium at `url`, with this colour scheme preferred; it ends when the value is dropped.
fn chromium(url: &str, dark: bool, folder: &std::path::Path) -> Child {
    let scheme = u8::from(!dark);
    Command::new(program())
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--remote-debugging-port=0",
        ])
        .arg(format!("--user-data-dir={}", folder.display()))
        .arg(format!("--blink-settings=preferredColorScheme={scheme}"))
        .arg(url)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// The page without its scripts, so that it stays as it is.
fn still(page: &Page) -> String {
    page.text()
        .replace("<script", "<template")
        .replace("</script>", "</template>")
}

async fn lms_pages(browser: &Browser, lms: &Lms, client_id: &str) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    for (name, path) in [
        ("lms-home", "/".to_owned()),
        ("lms-new", "/tools/new".to_owned()),
        ("lms-tool", format!("/tools/{client_id}")),
        (
            "lms-frame",
            format!("/frame?tool={client_id}&user=5&place=2/1"),
        ),
        ("lms-wire", "/wire".to_owned()),
        (
            "lms-return",
            "/return?course=2&link=1&lti_errormsg=No".to_owned(),
        ),
        ("lms-nowhere", format!("/{}", "nowhere".repeat(20))),
    ] {
        let page = browser.get(&format!("{}{path}", lms.url())).await.unwrap();
        pages.insert(
            name.to_owned(),
            still(&page).replace("<details>", "<details open>"),
        );
    }
    let at = |path: &str| format!("{}{path}", lms.url());
    let registration = [(
        "url",
        "http://127.0.0.2:1/lti/register/a-long-code-of-an-invitation",
    )];
    let back = at(&format!(
        "/courses/deep_linking_response?course=2&id={client_id}"
    ));
    for (name, url, field) in [
        ("lms-registering", at("/tools/dynamic"), registration),
        ("lms-chosen", back, [("JWT", "a.b.c")]),
    ] {
        let page = browser.post_form(&url, &field).await.unwrap();
        assert!(
            page.status == 200 || name == "lms-chosen",
            "{}",
            page.text()
        );
        pages.insert(name.to_owned(), still(&page));
    }
    pages
}

/// A platform that tools are entered in by hand.
async fn manual_pages(browser: &Browser) -> BTreeMap<String, String> {
    let options = Options {
        profile: Profile::openolat(),
        ..Options::default()
    };
    let (lms, _tool, registered) = FakeTool::at(options).await;
    let mut pages = BTreeMap::new();
    for (name, path) in [
        ("manual-new", "/tools/new".to_owned()),
        ("manual-tool", format!("/tools/{}", registered.client_id)),
    ] {
        let page = browser.get(&format!("{}{path}", lms.url())).await.unwrap();
        assert_eq!(page.status, 200, "{}", page.text());
        pages.insert(
            name.to_owned(),
            still(&page).replace("<details>", "<details open>"),
        );
    }
    pages
}

/// What a launch of a student came to, and the visit by the login link.
async fn launched_pages(browser: &Browser) -> BTreeMap<String, String> {
    let listener = tokio::net::TcpListener::bind("127.0.0.4:0").await.unwrap();
    let tool = format!("http://{}", listener.local_addr().unwrap());
    let link = format!("{tool}/learn?token={}", "a-long-token".repeat(20));
    let answer = json!({
        "status": "success", "message": "Welcome", "userID": "u-1", "userType": "new", "loginLink": link,
    });
    let router = Router::new()
        .route("/launch", post(move || async move { Json(answer) }))
        .route("/learn", get(|| async { Html("<h1>Welcome</h1>") }));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let studyreel = StudyReel::start(studyreel::StudyReelOptions {
        launch_url: Some(format!("{tool}/launch")),
        ..studyreel::StudyReelOptions::default()
    })
    .await
    .unwrap();
    let at = |path: &str| format!("{}{path}", studyreel.url());
    let home = browser.get(&at("/")).await.unwrap();
    let form = home.form_to("/launch").unwrap();
    let verdict = browser.submit(&home, &form).await.unwrap();
    let visit = browser.post_form(&at("/visit"), &[("link", &link)]).await;
    let mut pages = BTreeMap::new();
    for (name, page) in [
        ("studyreel-verdict", verdict),
        ("studyreel-visit", visit.unwrap()),
    ] {
        assert_eq!(page.status, 200, "{name}: {}", page.text());
        pages.insert(
            name.to_owned(),
            still(&page).replace("<details>", "<details open>"),
        );
    }
    pages
}

async fn studyreel_pages(browser: &Browser) -> BTreeMap<String, String> {
    let studyreel = StudyReel::start(studyreel::StudyReelOptions {
        launch_url: Some(
            "http://127.0.0.2:1/studyreel/launch/a-long-secret-segment-of-the-path".to_owned(),
        ),
        ..studyreel::StudyReelOptions::default()
    })
    .await
    .unwrap();
    studyreel.launch(&studyreel.students()[1].clone()).await;
    let mut pages = launched_pages(browser).await;
    for (name, path) in [
        ("studyreel-students", "/"),
        ("studyreel-transcript", "/transcript"),
        ("studyreel-nowhere", "/nowhere"),
    ] {
        let page = browser
            .get(&format!("{}{path}", studyreel.url()))
            .await
            .unwrap();
        pages.insert(
            name.to_owned(),
            still(&page).replace("<details>", "<details open>"),
        );
    }
    pages
}

#[tokio::test]
async fn pages_fit_a_phone_and_can_be_read_on_light_and_dark() {
    let options = Options {
        profile: Profile::canvas(),
        ..Options::default()
    };
    let (lms, _tool, registered) = FakeTool::at(options).await;
    let browser = Browser::new().unwrap();
    let launch = Launch::new(&registered.client_id);
    lms.launch(&browser, &launch).await.unwrap();
    let mut pages = lms_pages(&browser, &lms, &registered.client_id).await;
    pages.extend(manual_pages(&browser).await);
    pages.extend(studyreel_pages(&browser).await);
    let count = pages.len();
    let (sender, mut seen) = mpsc::channel(1);
    let url = serve(pages, sender).await;
    for dark in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let mut process = chromium(&url, dark, folder.path());
        let all = tokio::time::timeout(PATIENCE, seen.recv()).await;
        process.kill().await.unwrap();
        let all = all.unwrap().unwrap();
        assert_eq!(all.as_object().unwrap().len(), count);
        for (name, page) in all.as_object().unwrap() {
            assert_eq!(page["dark"], dark, "{name}");
            assert_eq!(page["found"], json!([]), "{name}, dark: {dark}");
        }
    }
}

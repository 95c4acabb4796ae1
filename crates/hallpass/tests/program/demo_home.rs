//! The demo's home page, and where the demo is to be found.

use std::net::{TcpListener, TcpStream};
use std::path::Path;

use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};

use crate::chromium::{Chromium, Place};
use crate::support::{PATIENCE, Running, ask, get, hallpass, refused};

/// The running demo, as its guide tells of it.
pub(crate) struct Guided {
    pub(crate) running: Running,
    guide: Vec<String>,
}

impl Guided {
    pub(crate) fn start(folder: &Path, args: &[&str]) -> Self {
        let mut all = vec!["demo"];
        all.extend(args);
        Self::of(Running::start(hallpass(folder, &all)))
    }

    fn of(mut running: Running) -> Self {
        let mut guide = Vec::new();
        while guide.last().is_none_or(|line| line != "Ctrl-C stops it.") {
            guide.push(running.line());
        }
        Self { running, guide }
    }

    /// The address of a server, without a slash at the end.
    fn address(&self, name: &str) -> &str {
        let mut lines = self.guide.iter().map(|line| line.trim());
        let line = lines.find_map(|line| line.strip_prefix(name));
        line.unwrap().trim().trim_end_matches('/')
    }

    pub(crate) fn home(&self) -> &str {
        self.address("Home page ")
    }

    /// What Hallpass's API tells the owner.
    async fn api(&self, path: &str) -> Value {
        let mut lines = self.guide.iter();
        let key = lines.find_map(|line| line.split_once("Authorization: "));
        let (_, key) = key.unwrap();
        let url = format!("{}{path}", self.address("Hallpass "));
        let request = Request::new("GET".parse().unwrap(), &url).unwrap();
        let request = request.header("authorization", key.trim_end_matches('\''));
        let page = Browser::new().unwrap().send(request).await.unwrap();
        page.json().unwrap()
    }
}

/// Presses the button of the form that goes there.
async fn press(browser: &Browser, page: &Page, path: &str) -> Page {
    let form = page.form_to(path).unwrap();
    let page = browser.submit(page, &form).await.unwrap();
    assert_eq!(page.status, 200, "{path}: {}", page.text());
    page
}

fn shows(page: &Page, texts: &[&str]) {
    for text in texts {
        assert!(page.text().contains(text), "{text}: {}", page.text());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn its_four_steps_tick_without_scripts() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Guided::start(folder.path(), &["--port", "0"]);
    let at = |path: &str| format!("{}{path}", demo.home());
    let browser = Browser::new().unwrap().wanting_pages();
    let page = browser.get(&at("/")).await.unwrap();
    shows(&page, &["0 of 4 done", "<li id=\"step-1\" class=\"now"]);
    let early = browser.get(&at("/begin/student")).await.unwrap();
    assert_eq!(early.status, 409);
    shows(&early, &["step 1"]);
    let page = press(&browser, &page, "/register").await;
    shows(&page, &["1 of 4 done", "registration accepted"]);
    let early = browser.get(&at("/begin/student")).await.unwrap();
    shows(&early, &["step 2"]);
    let page = press(&browser, &page, "/activate/lms").await;
    shows(
        &page,
        &["1 of 4 done", "in the LMS: on", "in Hallpass: off"],
    );
    let refusal = browser.open(&at("/begin/student")).await.unwrap();
    shows(&refusal, &["still waits to be activated"]);
    // Why stands beside it, and Hallpass's pages may stand in the frame.
    let page = browser.get(&at("/")).await.unwrap();
    shows(
        &page,
        &[
            "login failed",
            "PLATFORM_INACTIVE",
            "Activate in Hallpass” in step 2",
        ],
    );
    let platforms = demo.api("/admin/platforms").await;
    assert_eq!(
        platforms["platforms"][0]["frameOrigins"],
        json!([demo.home()])
    );
    let page = press(&browser, &page, "/activate/hallpass").await;
    shows(&page, &["2 of 4 done", "<li id=\"step-3\" class=\"now"]);
    shows(&page, &["It is active now", "<div class=\"note\">"]);
    let arrived = browser.open(&at("/begin/student")).await.unwrap();
    shows(&arrived, &["<dd id=\"name\">Sam Rivera</dd>"]);
    let page = browser.get(&at("/")).await.unwrap();
    let noted = [
        "3 of 4 done",
        "launch accepted",
        "signature verified",
        "&#34;Sam Rivera&#34;",
    ];
    shows(&page, &noted);
    let arrived = browser.open(&at("/begin/studyreel")).await.unwrap();
    shows(&arrived, &["<dd id=\"name\">John Doe</dd>"]);
    let page = browser.get(&at("/")).await.unwrap();
    shows(&page, &["4 of 4 done", "&#34;John Doe&#34;"]);
    assert!(page.body.len() <= 30 * 1024, "{} bytes", page.body.len());
    let portal = browser.get(&at("/portal")).await.unwrap();
    let welcome = format!("{}/portal/welcome/", demo.address("Hallpass "));
    assert!(portal.url.as_str().starts_with(&welcome), "{}", portal.url);
    assert_eq!(portal.status, 200);
    demo.running.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn its_policy_is_the_portals_and_strangers_do_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Guided::start(folder.path(), &["--port", "0"]);
    let home = demo.home();
    let browser = Browser::new().unwrap();
    let page = browser.get(&format!("{home}/")).await.unwrap();
    let policy = page.header("content-security-policy").unwrap();
    for part in [
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         form-action 'self'; ",
        "; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'",
    ] {
        assert!(policy.contains(part), "{part}: {policy}");
    }
    // In the frame, too, the page asks for nothing that its policy forbids.
    let frame = browser.get(&format!("{home}/frame")).await.unwrap();
    let policy = frame.header("content-security-policy").unwrap();
    assert!(policy.contains("img-src 'self';"), "{policy}");
    let text = frame.text();
    assert!(
        text.contains("<link rel=\"icon\" href=\"/icon.svg\"") && !text.contains("data:"),
        "{text}"
    );
    for file in ["portal.css", "portal.js", "demo.css", "demo.js", "icon.svg"] {
        assert_eq!(get(home, &format!("/{file}")), "HTTP/1.1 200 OK");
    }
    // Pages of other sites: their forms, their links, and their names for this address.
    for path in ["/register", "/activate/lms", "/activate/hallpass"] {
        let forged = browser.post_form(&format!("{home}{path}"), &[]).await;
        assert_eq!(forged.unwrap().status, 403, "{path}");
    }
    let link = Request::new("GET".parse().unwrap(), &format!("{home}/begin/student"));
    let link = link.unwrap().header("sec-fetch-site", "cross-site");
    assert_eq!(browser.send(link).await.unwrap().status, 403);
    let socket = home.strip_prefix("http://").unwrap();
    let connection = TcpStream::connect(socket).unwrap();
    let answer = ask(connection, "rebound.example", "/");
    assert_eq!(answer, "HTTP/1.1 303 See Other");
    demo.running.stop();
}

/// A browser that notes what the policy of its pages forbids from their first byte on. Most of them
/// are loaded again, so it is kept for the tab.
async fn listening() -> Chromium {
    const LISTEN: &str = "{ const note = ({ violatedDirective }) => {
            sessionStorage.broken = [sessionStorage.broken, violatedDirective].join(' ').trim();
        };
        if (window === top) addEventListener('securitypolicyviolation', note); }";
    let chromium = Chromium::start().await;
    chromium.devtools("Page.enable", json!({})).await;
    let listen = json!({"source": LISTEN});
    chromium
        .devtools("Page.addScriptToEvaluateOnNewDocument", listen)
        .await;
    chromium
}

/// The policy has forbidden nothing so far, and that would have been heard.
async fn asked_for_nothing_forbidden(chromium: &Chromium) {
    const ASK: &str = "return new Promise((tell) => {
        const heard = () => setTimeout(() => tell(sessionStorage.broken));
        addEventListener('securitypolicyviolation', heard);
        new Image().src = 'http://127.0.0.9/forbidden';
    });";
    let broken = "return sessionStorage.broken || '';";
    let broken = chromium.run(Place::Page, broken).await;
    assert_eq!(broken, json!(""), "what the policy forbids");
    assert_eq!(chromium.run(Place::Page, ASK).await, json!("img-src"));
}

/// What axe-core finds serious or critical on the page that is shown, without its frame.
async fn judged(chromium: &Chromium) -> Value {
    const JUDGE: &str = r#"return axe.run(document, { iframes: false, resultTypes: ["violations"] })
        .then((found) => found.violations
            .filter((rule) => ["serious", "critical"].includes(rule.impact))
            .map((rule) => `${rule.id}: ${rule.nodes[0].html.slice(0, 120)}`))"#;
    #[expect(
        clippy::disallowed_methods,
        reason = "where scripts/axe has put axe-core"
    )]
    let path = std::env::var("TEST_AXE");
    let path = path.expect("TEST_AXE is not set: run this with scripts/test, or see CONTRIBUTING");
    let axe = json!({"expression": std::fs::read_to_string(path).unwrap()});
    chromium.devtools("Runtime.evaluate", axe).await;
    chromium.run(Place::Page, JUDGE).await
}

/// Whether enough of the frame can be seen to tell what is in it.
const IN_VIEW: &str = "(({ top, bottom }) =>
    Math.min(bottom, innerHeight) - Math.max(top, 0) >= 200 || null
)(document.getElementById('launch').getBoundingClientRect())";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn its_steps_tick_while_chromium_looks_at_it() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Guided::start(folder.path(), &["--port", "0"]);
    let chromium = listening().await;
    chromium.open(&format!("{}/", demo.home())).await;
    let click = async |css: &str| chromium.click(Place::Page, css).await;
    let sees = async |css: &str| chromium.text(Place::Page, css).await;
    click("form[action='/register'] button").await;
    sees("#step-1.ok h3").await;
    click("form[action='/activate/lms'] button").await;
    sees("#in-lms.ok").await;
    let mark = "window.isBefore = true; return true;";
    chromium.run(Place::Page, mark).await;
    click("form[action='/activate/hallpass'] button").await;
    sees("#step-2.ok h3").await;
    // A click before the next page's script has run scrolls nowhere.
    let there = "!window.isBefore && document.readyState === 'complete' || null";
    chromium.wait(there, "the page isn't read to its end").await;
    click("a[href='/begin/student']").await;
    let name = chromium.text(Place::In("#launch"), "#name").await;
    assert_eq!(name, "Sam Rivera");
    chromium.wait(IN_VIEW, "the frame is below the fold").await;
    sees("#step-3.ok h3").await;
    assert!(sees("#answer").await.contains("Sam Rivera"));
    click("a[href='/begin/studyreel']").await;
    sees("#step-4.ok h3").await;
    assert_eq!(sees("#count").await, "4 of 4 done");
    asked_for_nothing_forbidden(&chromium).await;
    for (width, scheme) in [(360, "light"), (360, "dark"), (1280, "light")] {
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        chromium
            .devtools("Emulation.setDeviceMetricsOverride", size)
            .await;
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        chromium.devtools("Emulation.setEmulatedMedia", media).await;
        let wider = "return document.documentElement.scrollWidth - innerWidth;";
        let wider = chromium.run(Place::Page, wider).await;
        assert!(
            wider.as_i64().unwrap() <= 0,
            "{width} {scheme}: {wider} too wide"
        );
        let faults = judged(&chromium).await;
        assert_eq!(faults, json!([]), "{width} {scheme}");
    }
    demo.running.stop();
}

#[test]
fn all_of_it_listens_where_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Guided::start(folder.path(), &["--listen", "127.0.0.1:0"]);
    for name in [
        "Home page ",
        "Pretend LMS ",
        "Sample application ",
        "Hallpass ",
    ] {
        let address = demo.address(name);
        assert!(address.starts_with("http://127.0.0.1:"), "{address}");
    }
    assert_eq!(get(demo.home(), "/"), "HTTP/1.1 200 OK");
    demo.running.stop();
    for (args, why) in [
        (
            ["--listen", "192.0.2.1:8070"],
            "must be a loopback address, or 0.0.0.0",
        ),
        (
            ["--listen", "localhost"],
            "must be an IPv4 address and a port",
        ),
    ] {
        let [option, value] = args;
        let error = refused(hallpass(folder.path(), &["demo", option, value]));
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn other_machines_reach_it_only_if_that_was_said() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Guided::start(folder.path(), &["--listen", "0.0.0.0:0"]);
    assert!(demo.guide[0].contains("other machines can reach it"));
    assert!(demo.home().starts_with("http://127.0.0.1:"));
    assert_eq!(get(demo.home(), "/"), "HTTP/1.1 200 OK");
    let gateway = demo.address("Hallpass ");
    assert_eq!(get(gateway, "/readyz"), "HTTP/1.1 204 No Content");
    demo.running.stop();
}

#[test]
fn if_the_usual_ports_are_taken_it_says_so() {
    let folder = tempfile::tempdir().unwrap();
    // Whoever has it, it is taken.
    let _taken = TcpListener::bind("127.0.0.1:8070");
    let demo = Guided::start(folder.path(), &[]);
    let said = demo.guide.join("\n");
    assert!(
        said.contains("The usual ports, 8070 to 8075, are taken"),
        "{said}"
    );
    assert_eq!(get(demo.home(), "/"), "HTTP/1.1 200 OK");
    demo.running.stop();
}

/// A folder of programs in which one stands for the system's browser: it leaves the address that it
/// was to open.
#[cfg(target_os = "linux")]
fn fake_opener(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let program = folder.join("xdg-open");
    let script = format!("#!/bin/sh\necho \"$1\" > '{}/opened'\n", folder.display());
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn it_opens_the_home_page_in_a_browser() {
    let folder = tempfile::tempdir().unwrap();
    let programs = tempfile::tempdir().unwrap();
    fake_opener(programs.path());
    let mut command = hallpass(folder.path(), &["demo", "--port", "0", "--open"]);
    command.env("PATH", programs.path());
    let demo = Guided::of(Running::start(command));
    let opened = programs.path().join("opened");
    let wanted = format!("{}/\n", demo.home());
    let asked = || std::fs::read_to_string(&opened).unwrap_or_default() == wanted;
    let waited = (0..PATIENCE.as_millis() / 20).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        asked()
    });
    assert!(waited, "{wanted} was not opened");
    let (_, errors) = demo.running.stop();
    assert_eq!(errors, "");
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_browser_it_says_so_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let nothing = tempfile::tempdir().unwrap();
    let mut command = hallpass(folder.path(), &["demo", "--port", "0", "--open"]);
    command.env("PATH", nothing.path());
    let demo = Guided::of(Running::start(command));
    assert_eq!(get(demo.home(), "/"), "HTTP/1.1 200 OK");
    let (_, errors) = demo.running.stop();
    assert!(errors.contains("No browser could be opened"), "{errors}");
}

/// What the walk says on a terminal when it can't start.
#[cfg(target_os = "linux")]
fn on_a_terminal(folder: &Path, name: &str, value: &str) -> String {
    // Held until the walk has ended.
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let walk = hallpass(folder, &["demo", "--check", "--port", &port]);
    let line = format!(
        "'{}' demo --check --port {port}",
        walk.get_program().display()
    );
    // In Debian's bsdutils, and everywhere else with util-linux.
    let mut script = std::process::Command::new("script");
    script.args(["--quiet", "--command", &line, "/dev/null"]);
    script.current_dir(folder).env_clear();
    script.stdin(std::process::Stdio::null());
    script.env("SHELL", "/bin/sh").env(name, value);
    String::from_utf8(script.output().unwrap().stdout).unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn a_person_sees_colours_unless_they_want_none() {
    let folder = tempfile::tempdir().unwrap();
    let step = "start Hallpass, both simulators and the application";
    let coloured = on_a_terminal(folder.path(), "TERM", "xterm");
    let marked = format!("\u{1b}[31m✗    \u{1b}[0m{step}");
    assert!(coloured.contains(&marked), "{coloured:?}");
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let plain = on_a_terminal(folder.path(), name, value);
        assert!(plain.contains(&format!("FAIL {step}")), "{plain:?}");
        assert!(!plain.contains('\u{1b}'), "{plain:?}");
    }
}

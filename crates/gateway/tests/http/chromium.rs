//! Real Chromium, by the commands of its DevTools protocol that these tests need. Debian's
//! `chromium`; `scripts/test` installs it.
//!
//! Frames are found anew at every look: most of ours are in another process than their page, and
//! move from process to process while a launch goes from site to site.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::support::PATIENCE;

/// How long Chromium may take for an answer that is asked for again.
const ANSWER: Duration = Duration::from_secs(15);
/// How long each part of a report may take, since something hangs already.
const REPORT_PATIENCE: Duration = Duration::from_secs(5);
/// Between two looks at a page.
const STEP: Duration = Duration::from_millis(20);
/// Lines of the console that are kept for a report.
const CONSOLE: usize = 50;
const FLAGS: [&str; 13] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--password-store=basic",
    "--remote-debugging-pipe",
    // As a person's: programs that scan links call themselves headless.
    "--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
];
/// The pipe's ends are its input and output here, and its files 3 and 4 there.
const START: &str = r#"exec "$@" 3<&0 4>&1 0</dev/null 1>/dev/null"#;
/// What is done to an element. A click comes after the answer, which it could take away with the
/// page.
const ACT: &str = r#"(css, act, text) => {
    const element = document.querySelector(css);
    if (!element) throw new Error("there is none");
    if (document.readyState === "loading") throw new Error("its text may not have come yet");
    if (act === "read") return element.innerText.trim();
    element.scrollIntoView({ block: "center", behavior: "instant" });
    const box = element.getBoundingClientRect();
    const there = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    if (!element.contains(there)) {
      throw new Error("nobody could click it, for " + (there && there.outerHTML));
    }
    if (element.disabled) throw new Error("it is disabled");
    element.focus();
    if (act === "click") setTimeout(() => element.click());
    else if (!document.execCommand("insertText", false, text)) {
      throw new Error("nobody could type into it");
    }
}"#;
/// The address and text of a page.
const SEEN: &str =
    r#"location.href + "\n" + (document.body ? document.body.innerText : "(no body yet)")"#;

/// A browser with a profile of its own. It ends when this is dropped.
pub struct Chromium {
    process: Child,
    pipe: Arc<Pipe>,
    first: Window,
    window: Mutex<Window>,
    folder: tempfile::TempDir,
}

/// A window or tab, and the session that talks with it.
#[derive(Clone, Default, PartialEq, Eq)]
struct Window {
    target: String,
    session: String,
}

/// Commands go in, answers and events come out.
struct Pipe {
    input: Mutex<ChildStdin>,
    heard: Mutex<Heard>,
}

#[derive(Default)]
struct Heard {
    last_id: u64,
    /// Who waits for an answer, by the command's id, with its session.
    waiting: HashMap<u64, (String, oneshot::Sender<Value>)>,
    /// The sessions of frames that are in another process than their page.
    frames: HashMap<String, String>,
    console: Vec<String>,
    /// What of it is a fault of the page.
    complaints: Vec<String>,
    ended: bool,
}

impl Pipe {
    fn send(&self, session: &str, method: &str, params: Value) -> oneshot::Receiver<Value> {
        let (sender, receiver) = oneshot::channel();
        let mut heard = self.heard.lock().unwrap();
        heard.last_id += 1;
        let mut message = json!({"id": heard.last_id, "method": method});
        message["params"] = params;
        if !session.is_empty() {
            message["sessionId"] = json!(session);
        }
        if !heard.ended {
            let id = heard.last_id;
            heard.waiting.insert(id, (session.to_owned(), sender));
        }
        drop(heard);
        // Where Chromium is gone, the reader knows.
        let _ = self.input.lock().unwrap().write_all(format!("{message}\0").as_bytes());
        receiver
    }

    fn read(&self, mut output: impl BufRead) {
        let mut message = Vec::new();
        while output.read_until(0, &mut message).is_ok_and(|length| length > 0) {
            if message.ends_with(&[0]) {
                message.pop();
                self.hear(&serde_json::from_slice(&message).unwrap());
            }
            message.clear();
        }
        let mut heard = self.heard.lock().unwrap();
        heard.ended = true;
        heard.waiting.clear();
    }

    fn hear(&self, message: &Value) {
        let mut heard = self.heard.lock().unwrap();
        if let Some(id) = message["id"].as_u64() {
            if let Some((_, waiting)) = heard.waiting.remove(&id) {
                let _ = waiting.send(message.clone());
            }
            return;
        }
        let params = &message["params"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match message["method"].as_str().unwrap_or_default() {
            "Target.attachedToTarget" if params["targetInfo"]["type"] == "iframe" => {
                let session = text(&params["sessionId"]);
                let frame = text(&params["targetInfo"]["targetId"]);
                heard.frames.insert(frame, session.clone());
                drop(heard);
                self.watch(&session);
            }
            "Target.detachedFromTarget" => {
                let session = text(&params["sessionId"]);
                heard.frames.retain(|_, kept| *kept != session);
                // Chromium doesn't answer them any more.
                heard.waiting.retain(|_, (asked, _)| *asked != session);
            }
            "Runtime.consoleAPICalled" => {
                let said = params["args"].as_array().into_iter().flatten();
                let said = said.map(|part| part["value"].to_string());
                let said = said.collect::<Vec<_>>().join(" ");
                heard.complain(format!("{}: {said}", params["type"]));
            }
            "Runtime.exceptionThrown" => {
                let thrown = &params["exceptionDetails"]["exception"]["description"];
                heard.complain(thrown.to_string());
            }
            "Log.entryAdded" => {
                let entry = &params["entry"];
                let line = format!("{}: {}", entry["text"], entry["url"]);
                // An answer such as 404 is none, nor is what Chromium only recommends.
                if entry["source"] == "network" || entry["level"] == "verbose" {
                    heard.keep(line);
                } else {
                    heard.complain(line);
                }
            }
            _ => {}
        }
    }

    /// Has a session tell what its page says, and what frames come and go in it.
    fn watch(&self, session: &str) {
        let attach = json!({"autoAttach": true, "waitForDebuggerOnStart": false, "flatten": true});
        for (method, params) in [
            ("Target.setAutoAttach", attach),
            ("Runtime.enable", json!({})),
            ("Log.enable", json!({})),
        ] {
            drop(self.send(session, method, params));
        }
    }
}

impl Heard {
    fn keep(&mut self, line: String) {
        if self.console.len() == CONSOLE {
            self.console.remove(0);
        }
        self.console.push(line);
    }

    fn complain(&mut self, line: String) {
        if self.complaints.len() < CONSOLE {
            self.complaints.push(line.clone());
        }
        self.keep(line);
    }
}

fn binary() -> String {
    #[expect(clippy::disallowed_methods, reason = "the one setting of the browser tests")]
    let value = std::env::var("TEST_CHROMIUM");
    value.expect(
        "TEST_CHROMIUM is not set: run these tests with scripts/test, \
         or set it to the path of the program",
    )
}

impl Chromium {
    /// One that blocks third-party cookies, as most people's do or will.
    pub async fn start() -> Self {
        Self::start_with(Cookies::FirstParty, &[]).await
    }

    /// One that keeps these cookies, with more flags.
    pub async fn start_with(cookies: Cookies, flags: &[String]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let profile = folder.path().join("profile");
        std::fs::create_dir_all(profile.join("Default")).unwrap();
        let preferences = cookies.preferences().to_string();
        std::fs::write(profile.join("Default/Preferences"), preferences).unwrap();
        let complaints = std::fs::File::create(folder.path().join("stderr")).unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", START, "sh"]).arg(binary()).args(FLAGS);
        command.arg(format!("--user-data-dir={}", profile.display()));
        if cookies != Cookies::All {
            command.arg("--test-third-party-cookie-phaseout");
        }
        let mut process = command
            .args(flags)
            .arg("about:blank")
            .env("TMPDIR", folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(complaints)
            .spawn()
            .expect("TEST_CHROMIUM can't be started");
        let output = BufReader::new(process.stdout.take().unwrap());
        let pipe = Arc::new(Pipe {
            input: Mutex::new(process.stdin.take().unwrap()),
            heard: Mutex::default(),
        });
        let reader = pipe.clone();
        std::thread::spawn(move || reader.read(output));
        let mut chromium =
            Self { process, pipe, first: Window::default(), window: Mutex::default(), folder };
        let first = chromium.wait_for_window(|pages| pages.first()).await;
        chromium.first = first.expect("Chromium opens no window");
        *chromium.window.get_mut().unwrap() = chromium.first.clone();
        chromium
    }

    async fn ask(&self, session: &str, method: &str, params: Value) -> Result<Value, String> {
        self.ask_within(PATIENCE, session, method, params).await
    }

    async fn ask_within(
        &self,
        patience: Duration,
        session: &str,
        method: &str,
        params: Value,
    ) -> Result<Value, String> {
        let asked = format!("{method} {params}");
        let answer = self.pipe.send(session, method, params);
        match tokio::time::timeout(patience, answer).await {
            Ok(Ok(answer)) => match answer["error"]["message"].as_str() {
                Some(error) => Err(format!("{asked}: {error}")),
                None => Ok(answer["result"].clone()),
            },
            Ok(Err(_)) if !self.pipe.heard.lock().unwrap().ended => {
                Err(format!("the page went away before it answered {asked}"))
            }
            Ok(Err(_)) => {
                let complaints = std::fs::read_to_string(self.folder.path().join("stderr"));
                panic!(
                    "Chromium ended before it answered {asked}: {}",
                    complaints.unwrap_or_default()
                )
            }
            Err(_) => Err(format!("no answer to {asked}")),
        }
    }

    fn session(&self) -> String {
        self.window.lock().unwrap().session.clone()
    }

    /// Opens an address, and waits until the page is read; not for its frames.
    pub async fn open(&self, url: &str) {
        let gone = self.devtools("Page.navigate", json!({"url": url})).await;
        assert_eq!(gone.get("errorText"), None, "{url}: {gone}");
        let read = || self.evaluate(Place::Page, "document.readyState !== 'loading' || null");
        self.until(read, || format!("{url} isn't read to its end")).await;
    }

    /// A command for the window looked at.
    pub async fn devtools(&self, command: &str, params: Value) -> Value {
        let answer = self.ask(&self.session(), command, params).await;
        answer.unwrap()
    }

    pub async fn url(&self) -> String {
        let target = json!({"targetId": self.window.lock().unwrap().target});
        let info = self.ask("", "Target.getTargetInfo", target).await.unwrap();
        info["targetInfo"]["url"].as_str().unwrap().to_owned()
    }

    /// Asks until there is an answer that is more than null.
    async fn until<F: Future<Output = Result<Value, String>>>(
        &self,
        ask: impl Fn() -> F,
        what: impl Fn() -> String,
    ) -> Value {
        let mut last = String::new();
        let asking = async {
            loop {
                match ask().await {
                    Ok(Value::Null) => {}
                    Ok(value) => return value,
                    Err(error) => last = error,
                }
                tokio::time::sleep(STEP).await;
            }
        };
        match tokio::time::timeout(PATIENCE, asking).await {
            Ok(value) => value,
            Err(_) => panic!("{}: {last}\n{}", what(), self.report().await),
        }
    }

    /// Asks until an expression of the page gives more than null; that.
    pub async fn wait(&self, expression: &str, what: &str) -> Value {
        let ask = || self.evaluate(Place::Page, expression);
        self.until(ask, || what.to_owned()).await
    }

    /// Errors of scripts and what a policy stopped, since it was last asked.
    pub fn complaints(&self) -> Vec<String> {
        std::mem::take(&mut self.pipe.heard.lock().unwrap().complaints)
    }

    /// The result of an expression, by value.
    async fn evaluate(&self, place: Place, expression: &str) -> Result<Value, String> {
        self.evaluate_within(ANSWER, &place.frame(), expression).await
    }

    async fn evaluate_within(
        &self,
        patience: Duration,
        frame: &str,
        expression: &str,
    ) -> Result<Value, String> {
        let mut session = self.session();
        let mut params = json!({
            "expression": expression,
            "returnByValue": true,
            "awaitPromise": true,
            "userGesture": true,
        });
        let ask = |session: String, method: &'static str, params: Value| async move {
            self.ask_within(patience, &session, method, params).await
        };
        if !frame.is_empty() {
            let find = json!({"expression": frame});
            let found = ask(session.clone(), "Runtime.evaluate", find).await?;
            let object = found["result"]["objectId"].as_str().ok_or("there is no such frame")?;
            let element = json!({"objectId": object});
            let element = ask(session.clone(), "DOM.describeNode", element).await?;
            let id = element["node"]["frameId"].as_str().ok_or("it is no frame")?;
            let elsewhere = self.pipe.heard.lock().unwrap().frames.get(id).cloned();
            match elsewhere {
                Some(of_frame) => session = of_frame,
                None => {
                    let world = json!({"frameId": id, "worldName": "tests"});
                    let world = ask(session.clone(), "Page.createIsolatedWorld", world).await?;
                    params["contextId"] = world["executionContextId"].clone();
                }
            }
        }
        let done = ask(session, "Runtime.evaluate", params).await?;
        match done.get("exceptionDetails") {
            Some(thrown) => {
                let thrown = &thrown["exception"]["description"];
                Err(thrown.as_str().unwrap_or("it throws something").to_owned())
            }
            None => Ok(done["result"]["value"].clone()),
        }
    }

    async fn pages(&self) -> Result<Vec<String>, String> {
        let all = self.ask("", "Target.getTargets", json!({})).await?;
        let all = all["targetInfos"].as_array().unwrap().iter();
        let pages = all.filter(|target| target["type"] == "page");
        Ok(pages.map(|page| page["targetId"].as_str().unwrap().to_owned()).collect())
    }

    async fn wait_for_window(
        &self,
        choose: impl Fn(&[String]) -> Option<&String>,
    ) -> Option<Window> {
        let finding = async {
            loop {
                let pages = self.pages().await.unwrap();
                if let Some(target) = choose(&pages) {
                    return target.clone();
                }
                tokio::time::sleep(STEP).await;
            }
        };
        let target = tokio::time::timeout(PATIENCE, finding).await.ok()?;
        let attach = json!({"targetId": target, "flatten": true});
        let attached = self.ask("", "Target.attachToTarget", attach).await.unwrap();
        let session = attached["sessionId"].as_str().unwrap().to_owned();
        self.pipe.watch(&session);
        // As if a person sat before it, also where another window is in front.
        let focus = json!({"enabled": true});
        let focus = self.ask(&session, "Emulation.setFocusEmulationEnabled", focus);
        focus.await.unwrap();
        Some(Window { target, session })
    }

    /// The window that the first one opened, once there is one.
    pub async fn look_at_other_window(&self) {
        let others = |pages: &[String]| {
            let other = pages.iter().position(|page| *page != self.first.target)?;
            Some(other)
        };
        let window = self.wait_for_window(|pages| Some(&pages[others(pages)?]));
        match window.await {
            Some(window) => *self.window.lock().unwrap() = window,
            None => panic!("there is no second window\n{}", self.report().await),
        }
    }

    /// Closes the window looked at, and looks at the first one again.
    pub async fn close_window(&self) {
        let target = self.window.lock().unwrap().target.clone();
        let close = json!({"targetId": target});
        self.ask("", "Target.closeTarget", close).await.unwrap();
        self.other_window_closes().await;
    }

    /// Waits until the window looked at has closed, and looks at the first one again.
    pub async fn other_window_closes(&self) {
        let target = self.window.lock().unwrap().target.clone();
        *self.window.lock().unwrap() = self.first.clone();
        let gone = || async {
            let pages = self.pages().await?;
            Ok(if pages.contains(&target) { Value::Null } else { Value::Bool(true) })
        };
        self.until(gone, || "the window doesn't close".into()).await;
    }

    /// What a script in the page or frame gives.
    pub async fn run(&self, place: Place, script: &str) -> Value {
        let script = format!("(() => {{ {script} }})()");
        let frame = place.frame();
        let done = self.evaluate_within(PATIENCE, &frame, &script).await;
        done.unwrap()
    }

    /// What the window shows, as a PNG in the folder for tests' files.
    pub async fn picture(&self, name: &str) -> PathBuf {
        self.picture_within(PATIENCE, name).await.unwrap()
    }

    async fn picture_within(&self, patience: Duration, name: &str) -> Result<PathBuf, String> {
        let session = self.session();
        let picture =
            self.ask_within(patience, &session, "Page.captureScreenshot", json!({})).await?;
        let picture = STANDARD.decode(picture["data"].as_str().unwrap()).unwrap();
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.png"));
        std::fs::write(&path, picture).unwrap();
        Ok(path)
    }

    /// Everything that tells what went wrong: addresses and texts of the window and its frames,
    /// what the console said, and a picture.
    async fn report(&self) -> String {
        let count = "document.querySelectorAll('iframe').length";
        let count = self.evaluate_within(REPORT_PATIENCE, "", count).await;
        let count = count.ok().and_then(|count| count.as_u64()).unwrap_or(0);
        let frames = (0..count).map(|at| format!("document.querySelectorAll('iframe')[{at}]"));
        let mut report = Vec::new();
        for frame in std::iter::once(String::new()).chain(frames) {
            let seen = self.evaluate_within(REPORT_PATIENCE, &frame, SEEN).await;
            let seen = match &seen {
                Ok(seen) => seen.as_str().unwrap_or_default(),
                Err(error) => error,
            };
            let name = if frame.is_empty() { "the page" } else { &frame };
            report.push(format!("{name} is at {}", seen.replace('\n', "\n    ")));
        }
        report.push("The console:".into());
        report.extend(self.pipe.heard.lock().unwrap().console.clone());
        let name = format!("failed-{}", self.process.id());
        match self.picture_within(REPORT_PATIENCE, &name).await {
            Ok(path) => report.push(format!("A picture: {}", path.display())),
            Err(error) => report.push(format!("No picture: {error}")),
        }
        report.join("\n")
    }

    /// Pages and frames come when they come: tries until it can be done.
    async fn act(&self, place: Place, css: &str, act: &str, text: &str) -> Value {
        let script = format!("({ACT})({}, {}, {})", json!(css), json!(act), json!(text));
        // Whether it was done, and what was read.
        let script = format!("[{script}]");
        let done = || self.evaluate(place, &script);
        let done = self.until(done, || format!("can't {act} {css}")).await;
        done[0].clone()
    }

    pub async fn click(&self, place: Place, css: &str) {
        self.act(place, css, "click", "").await;
    }

    pub async fn type_into(&self, place: Place, css: &str, text: &str) {
        self.act(place, css, "type", text).await;
    }

    pub async fn text(&self, place: Place, css: &str) -> String {
        let text = self.act(place, css, "read", "").await;
        text.as_str().unwrap().to_owned()
    }
}

/// Where on a page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Page,
    /// The page's first frame.
    Frame,
    /// The frame of this selector.
    In(&'static str),
}

impl Place {
    /// The expression that gives the frame's element; empty for the page itself.
    fn frame(self) -> String {
        match self {
            Self::Page => String::new(),
            Self::Frame => "document.querySelector('iframe')".into(),
            Self::In(css) => format!("document.querySelector({})", json!(css)),
        }
    }
}

/// Which cookies the browser keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookies {
    /// None of other sites than the page's, except partitioned ones.
    FirstParty,
    /// Every one.
    All,
    /// None at all.
    None,
}

impl Cookies {
    fn preferences(self) -> Value {
        let blocks = self != Self::All;
        let mut preferences = json!({"profile": {
            "cookie_controls_mode": u8::from(blocks),
            "block_third_party_cookies": blocks,
        }});
        if self == Self::None {
            preferences["profile"]["default_content_setting_values"] = json!({"cookies": 2});
        }
        preferences
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // Its other processes end with it.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

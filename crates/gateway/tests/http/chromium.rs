//! Real Chromium, by the few commands of the WebDriver protocol that these tests need. Debian's `chromium` and
//! `chromium-driver`; `scripts/test` installs them.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long anything may take: the machine may be busy with other tests.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks at a page.
const STEP: Duration = Duration::from_millis(50);
/// What WebDriver calls an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
const FLAGS: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// A browser with a profile of its own. It ends when this is dropped.
pub struct Chromium {
    driver: Child,
    port: u16,
    session: String,
    _profile: tempfile::TempDir,
}

fn setting(name: &str) -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one setting of the browser tests"
    )]
    let value = std::env::var(name);
    value.unwrap_or_else(|_| {
        panic!("{name} is not set: run these tests with scripts/test, or set it to the path of the program")
    })
}

impl Chromium {
    /// One that blocks third-party cookies, as most people's do or will.
    pub async fn start() -> Self {
        Self::start_with(Cookies::FirstParty, &[]).await
    }

    /// One that keeps these cookies, with more flags.
    pub async fn start_with(cookies: Cookies, flags: &[String]) -> Self {
        let binary = setting("TEST_CHROMIUM");
        let mut driver = Command::new(setting("TEST_CHROMEDRIVER"))
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("TEST_CHROMEDRIVER can't be started");
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                let (_, port) = line.split_once("started successfully on port ")?;
                port.trim_end_matches('.').parse().ok()
            })
            .expect("chromedriver names no port");
        // Whatever else it says must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        let profile = tempfile::tempdir().unwrap();
        let mut args = FLAGS.map(str::to_owned).to_vec();
        args.push(format!("--user-data-dir={}", profile.path().display()));
        let mut chromium = Self {
            driver,
            port,
            session: String::new(),
            _profile: profile,
        };
        args.extend_from_slice(flags);
        if cookies != Cookies::All {
            args.push("--test-third-party-cookie-phaseout".to_owned());
        }
        let options = json!({"goog:chromeOptions": {"binary": binary, "args": args, "prefs": cookies.preferences()}});
        let wanted = json!({"capabilities": {"alwaysMatch": options}});
        let session = chromium.send("POST", "/session", &wanted).await.unwrap();
        chromium.session = session["sessionId"].as_str().unwrap().to_owned();
        chromium
    }

    fn request(&self, method: &str, path: &str, body: &Value) -> String {
        let body = if method == "GET" || method == "DELETE" {
            String::new()
        } else {
            body.to_string()
        };
        format!(
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.port,
            body.len()
        )
    }

    async fn send(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let exchange = async {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
            let request = self.request(method, path, body);
            stream.write_all(request.as_bytes()).await?;
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await?);
            }
            let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"));
            let mut answer = vec![0; length.unwrap().trim().parse().unwrap()];
            stream.read_exact(&mut answer).await?;
            Ok::<_, std::io::Error>(answer)
        };
        let answer = tokio::time::timeout(PATIENCE, exchange)
            .await
            .expect("chromedriver doesn't answer")
            .unwrap();
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        match answer["value"]["error"].as_str() {
            Some(error) => Err(format!("{error}: {}", answer["value"]["message"])),
            None => Ok(answer["value"].clone()),
        }
    }

    async fn command(&self, method: &str, path: &str, body: Value) -> Result<Value, String> {
        let path = format!("/session/{}{path}", self.session);
        self.send(method, &path, &body).await
    }

    pub async fn open(&self, url: &str) {
        self.command("POST", "/url", json!({"url": url}))
            .await
            .unwrap();
    }

    /// A command of the browser's developer tools.
    pub async fn devtools(&self, command: &str, params: Value) -> Value {
        let command = json!({"cmd": command, "params": params});
        self.command("POST", "/goog/cdp/execute", command)
            .await
            .unwrap()
    }

    pub async fn url(&self) -> String {
        let url = self.command("GET", "/url", Value::Null).await.unwrap();
        url.as_str().unwrap().to_owned()
    }

    async fn find(&self, css: &str) -> Result<String, String> {
        let how = json!({"using": "css selector", "value": css});
        let found = self.command("POST", "/element", how).await?;
        Ok(found[ELEMENT].as_str().unwrap().to_owned())
    }

    /// To the page itself, or into its frame.
    async fn look_at(&self, place: Place) -> Result<(), String> {
        self.command("POST", "/frame", json!({"id": null})).await?;
        let css = match place {
            Place::Page => return Ok(()),
            Place::Frame => "iframe",
            Place::In(css) => css,
        };
        let frame = self.find(css).await?;
        let frame = json!({"id": {ELEMENT: frame}});
        self.command("POST", "/frame", frame).await.map(drop)
    }

    /// The window that was opened last, once there are that many.
    pub async fn look_at_window(&self, number: usize) {
        let switching = async {
            loop {
                let all = self.command("GET", "/window/handles", Value::Null).await;
                let all = all.unwrap();
                let all = all.as_array().unwrap();
                if let Some(handle) = all.get(number - 1) {
                    let handle = json!({"handle": handle});
                    return self.command("POST", "/window", handle).await.unwrap();
                }
                tokio::time::sleep(STEP).await;
            }
        };
        let switched = tokio::time::timeout(PATIENCE, switching).await;
        switched.unwrap_or_else(|_| panic!("there is no window {number}"));
    }

    /// Closes the window looked at, and looks at the first one again.
    pub async fn close_window(&self) {
        self.command("DELETE", "/window", Value::Null)
            .await
            .unwrap();
        self.look_at_window(1).await;
    }

    /// What a script in the page or frame gives.
    pub async fn run(&self, place: Place, script: &str) -> Value {
        self.look_at(place).await.unwrap();
        let script = json!({"script": script, "args": []});
        self.command("POST", "/execute/sync", script).await.unwrap()
    }

    /// What the window shows, as a PNG in the folder for tests' files.
    pub async fn picture(&self, name: &str) -> PathBuf {
        let picture = self.command("GET", "/screenshot", Value::Null).await;
        let picture = STANDARD.decode(picture.unwrap().as_str().unwrap()).unwrap();
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.png"));
        std::fs::write(&path, picture).unwrap();
        path
    }

    async fn attempt(&self, place: Place, css: &str, what: &Act<'_>) -> Result<Value, String> {
        self.look_at(place).await?;
        let element = self.find(css).await?;
        match what {
            Act::Read => {
                let path = format!("/element/{element}/text");
                self.command("GET", &path, Value::Null).await
            }
            Act::Click => {
                let path = format!("/element/{element}/click");
                self.command("POST", &path, json!({})).await
            }
            Act::Type(text) => {
                let path = format!("/element/{element}/value");
                self.command("POST", &path, json!({"text": text})).await
            }
        }
    }

    /// Pages and frames come when they come: tries until it can be done.
    async fn act(&self, place: Place, css: &str, what: Act<'_>) -> Value {
        let mut last = String::new();
        let trying = async {
            loop {
                match self.attempt(place, css, &what).await {
                    Ok(value) => return value,
                    Err(error) => last = error,
                }
                tokio::time::sleep(STEP).await;
            }
        };
        match tokio::time::timeout(PATIENCE, trying).await {
            Ok(value) => value,
            Err(_) => {
                let picture = self.picture(&format!("failed-{}", self.port)).await;
                panic!("{css}: {last}; see {}", picture.display())
            }
        }
    }

    pub async fn click(&self, place: Place, css: &str) {
        self.act(place, css, Act::Click).await;
    }

    pub async fn type_into(&self, place: Place, css: &str, text: &str) {
        self.act(place, css, Act::Type(text)).await;
    }

    pub async fn text(&self, place: Place, css: &str) -> String {
        let text = self.act(place, css, Act::Read).await;
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

/// Which cookies the browser keeps.
#[derive(Clone, Copy, PartialEq, Eq)]
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
        let mut preferences = json!({
            "profile.cookie_controls_mode": u8::from(blocks),
            "profile.block_third_party_cookies": blocks,
        });
        if self == Self::None {
            preferences["profile.default_content_setting_values.cookies"] = json!(2);
        }
        preferences
    }
}

enum Act<'a> {
    Read,
    Click,
    Type(&'a str),
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // Ends the browser's processes; the driver alone would leave them behind.
        let quit = self.request(
            "DELETE",
            &format!("/session/{}", self.session),
            &Value::Null,
        );
        if let Ok(mut stream) = std::net::TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = stream.set_read_timeout(Some(PATIENCE));
            let _ = stream.write_all(quit.as_bytes());
            let _ = stream.read(&mut [0; 512]);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

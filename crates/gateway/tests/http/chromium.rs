//! Real Chromium, by the few commands of the WebDriver protocol that these tests need. Debian's `chromium` and
//! `chromium-driver`; `scripts/test` installs them.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long anything may take: the machine may be busy with other tests.
const PATIENCE: Duration = Duration::from_secs(60);
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
    pub async fn start() -> Self {
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
        let options = json!({"goog:chromeOptions": {"binary": binary, "args": args}});
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
        if place == Place::Frame {
            let frame = self.find("iframe").await?;
            let frame = json!({"id": {ELEMENT: frame}});
            self.command("POST", "/frame", frame).await?;
        }
        Ok(())
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
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        match tokio::time::timeout(PATIENCE, trying).await {
            Ok(value) => value,
            Err(_) => panic!("{css}: {last}"),
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
    Frame,
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

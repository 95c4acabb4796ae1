//! The pretend StudyReel: it registers tools, launches invented students into them, and judges the answers.

mod api;
mod attacks;
pub mod conformance;
mod judge;
mod pages;
mod payload;
mod register;
mod students;
mod visit;

use std::{
    collections::HashMap,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use aws_lc_rs::hmac;
use jiff::Timestamp;
use reqwest::Method;
use serde_json::Value;

use self::judge::{Answer, History};
pub use self::{
    attacks::Attack,
    judge::Verdict,
    payload::{
        ALPHALEARN_ISSUER, DOCUMENTED_DEPLOYMENT, DOCUMENTED_ISSUER, Overrides, PRINTED_EXAMPLE,
        PRODUCTION_ISSUER, Switches, Times, deployment_of,
    },
    register::Tool,
    students::{Student, Subjects},
    visit::Visit,
};
use crate::{
    Error,
    browser::{Browser, Pace, Request},
    clock::Clock,
    random,
    server::{Bound, Running},
};

/// How to start a pretend StudyReel.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub addr: SocketAddr,
    /// What the world sees, if not `http://` and the address.
    pub public_url: Option<String>,
    /// The launch URL of a tool that is there from the start.
    pub launch_url: Option<String>,
    /// The issuer of launches.
    pub issuer: String,
    /// The deployment id of launches into the tool that is there from the start.
    pub deployment_id: String,
    /// The `x-api-key` that registers tools; made if not given.
    pub api_key: Option<String>,
    /// How long to wait for an answer.
    pub timeout: Duration,
    /// Origins beside the launch URL's own on which login links may be.
    pub link_origins: Vec<String>,
    /// How launches differ from the documented form.
    pub switches: Switches,
}

impl Default for Options {
    /// On 127.0.0.1 and any free port, launching as documented.
    fn default() -> Self {
        Self {
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            public_url: None,
            launch_url: None,
            issuer: DOCUMENTED_ISSUER.to_owned(),
            deployment_id: DOCUMENTED_DEPLOYMENT.to_owned(),
            api_key: None,
            timeout: Duration::from_secs(10),
            link_origins: Vec::new(),
            switches: Switches::default(),
        }
    }
}

/// A running pretend StudyReel. It stops when this is dropped.
pub struct StudyReel {
    system: Arc<System>,
    running: Running,
}

/// What the handlers share.
struct System {
    base: String,
    api_key: String,
    timeout: Duration,
    link_origins: Vec<String>,
    clock: Clock,
    /// StudyReel's own client: it carries no student's cookies.
    client: Browser,
    state: Mutex<State>,
}

struct State {
    issuer: String,
    switches: Switches,
    students: Vec<Student>,
    tools: Vec<Tool>,
    jti: u64,
    /// By the tool's id.
    histories: HashMap<String, History>,
    transcript: Vec<Launched>,
    /// The students' browsers, by `sub`.
    browsers: HashMap<String, Arc<Browser>>,
}

/// One line of the transcript.
#[derive(Clone, Debug, PartialEq)]
pub struct Launched {
    /// When.
    pub at: Timestamp,
    /// The tool's name.
    pub tool: String,
    /// What was wrong with it on purpose.
    pub fault: Option<Attack>,
    /// What was sent, answered and judged.
    pub verdict: Verdict,
}

impl Launched {
    /// Whether the receiver did as it should: took a good launch, refused a bad one.
    pub fn held(&self) -> bool {
        let verdict = &self.verdict;
        self.fault
            .map_or(verdict.accepted(), |fault| fault.held(verdict))
    }

    /// The same in words.
    fn word(&self) -> &'static str {
        let to_refuse = self.fault.map(Attack::is_refused);
        match (to_refuse, self.held()) {
            (None, true) => "good",
            (None, false) => "not right",
            (Some(true), true) => "refused, as it should be",
            (Some(true), false) => "not refused as it should be",
            (Some(false), true) => "borne, as it should be",
            (Some(false), false) => "not answered as it should be",
        }
    }
}

impl StudyReel {
    /// Starts it.
    pub async fn start(options: Options) -> Result<Self, Error> {
        let bound = Bound::new(options.addr).await?;
        let base = options
            .public_url
            .unwrap_or_else(|| bound.url())
            .trim_end_matches('/')
            .to_owned();
        let tools = options
            .launch_url
            .map(|url| Tool::configured(url, options.deployment_id))
            .into_iter()
            .collect();
        let clock = Clock::default();
        let state = State {
            issuer: options.issuer,
            switches: options.switches,
            students: students::everybody(),
            tools,
            // Counted on from the time, so that nothing comes twice to a receiver that outlives this.
            jti: clock.now().as_millisecond().unsigned_abs(),
            histories: HashMap::new(),
            transcript: Vec::new(),
            browsers: HashMap::new(),
        };
        let system = Arc::new(System {
            base,
            api_key: options.api_key.unwrap_or_else(|| random::alphanumeric(24)),
            timeout: options.timeout,
            link_origins: options.link_origins,
            clock,
            client: Browser::new()?,
            state: Mutex::new(state),
        });
        let running = bound.serve(pages::router(&system));
        Ok(Self { system, running })
    }

    /// Its public URL, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.system.base
    }

    /// Waits until the server ends.
    pub async fn ended(mut self) {
        self.running.ended().await;
    }

    /// The key that `POST /tools/register` wants as `x-api-key`.
    pub fn api_key(&self) -> &str {
        &self.system.api_key
    }

    /// Its clock, which can be set wrong.
    pub fn clock(&self) -> &Clock {
        &self.system.clock
    }

    /// Says another issuer from now on.
    pub fn set_issuer(&self, issuer: &str) {
        issuer.clone_into(&mut self.system.state().issuer);
    }

    /// Writes launches differently from now on.
    pub fn set_switches(&self, switches: Switches) {
        self.system.state().switches = switches;
    }

    /// The students, the documented example first.
    pub fn students(&self) -> Vec<Student> {
        self.system.state().students.clone()
    }

    /// Adds a student, or changes the one of the same `sub`.
    pub fn add_student(&self, student: Student) {
        self.system.save_student(student);
    }

    /// The tools, in order of registration.
    pub fn tools(&self) -> Vec<Tool> {
        self.system.state().tools.clone()
    }

    /// Adds a tool, or changes the launch URL and deployment of the one with the same id.
    pub fn set_tool(&self, tool: Tool) {
        let mut state = self.system.state();
        state.tools.retain(|known| known.id != tool.id);
        state.tools.push(tool);
    }

    /// Every launch so far, oldest first.
    pub fn transcript(&self) -> Vec<Launched> {
        self.system.state().transcript.clone()
    }

    /// The message of a fresh launch into the newest tool, changed by `overrides`. It uses up a `jti` and is not sent.
    pub fn payload(&self, student: &Student, overrides: &Overrides) -> Value {
        let deployment = self.tool().deployment_id;
        self.system.payload(student, &deployment, overrides)
    }

    /// Launches a student into the newest tool and judges the answer.
    pub async fn launch(&self, student: &Student) -> Verdict {
        self.launch_with(student, &Overrides::none()).await
    }

    /// The same with some members changed.
    pub async fn launch_with(&self, student: &Student, overrides: &Overrides) -> Verdict {
        self.system.launch(student, &self.tool(), overrides).await
    }

    /// Sends any message to the newest tool and judges the answer.
    pub async fn send(&self, message: &Value) -> Verdict {
        self.send_raw("application/json", message.to_string().into_bytes())
            .await
    }

    /// Sends any body under any type to the newest tool and judges the answer.
    pub async fn send_raw(&self, content_type: &str, body: Vec<u8>) -> Verdict {
        let tool = self.tool();
        self.system.deliver(&tool, content_type, body, None).await
    }

    /// The newest tool.
    fn tool(&self) -> Tool {
        let nowhere = || Tool::configured(String::new(), String::new());
        self.system.newest_tool().unwrap_or_else(nowhere)
    }
}

impl System {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn newest_tool(&self) -> Option<Tool> {
        self.state().tools.last().cloned()
    }

    fn save_student(&self, student: Student) {
        let students = &mut self.state().students;
        match students.iter_mut().find(|known| known.sub == student.sub) {
            Some(known) => *known = student,
            None => students.push(student),
        }
    }

    fn find(&self, sub: &str, tool: &str) -> Option<(Student, Tool)> {
        let state = self.state();
        let student = state.students.iter().find(|student| student.sub == sub)?;
        let tool = state.tools.iter().find(|known| known.id == tool)?;
        Some((student.clone(), tool.clone()))
    }

    fn payload(&self, student: &Student, deployment: &str, overrides: &Overrides) -> Value {
        let switches = self.state().switches.clone();
        self.payload_as(&switches, student, deployment, overrides)
    }

    fn payload_as(
        &self,
        switches: &Switches,
        student: &Student,
        deployment: &str,
        overrides: &Overrides,
    ) -> Value {
        let mut state = self.state();
        state.jti += 1;
        let now = self.clock.now();
        let mut message =
            payload::write(student, switches, &state.issuer, deployment, state.jti, now);
        overrides.apply(&mut message);
        Value::Object(message)
    }

    async fn launch(&self, student: &Student, tool: &Tool, overrides: &Overrides) -> Verdict {
        let switches = self.state().switches.clone();
        self.launch_as(&switches, student, tool, overrides).await
    }

    /// Launches as these switches have it, whatever the ones in force are; those decide about a signature.
    async fn launch_as(
        &self,
        switches: &Switches,
        student: &Student,
        tool: &Tool,
        overrides: &Overrides,
    ) -> Verdict {
        let message = self.payload_as(switches, student, &tool.deployment_id, overrides);
        let body = overrides.body(&message).into_bytes();
        self.deliver(tool, "application/json", body, None).await
    }

    async fn deliver(
        &self,
        tool: &Tool,
        content_type: &str,
        body: Vec<u8>,
        pace: Option<Pace>,
    ) -> Verdict {
        let message: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
        let mut verdict = Verdict {
            sub: message["sub"].as_str().unwrap_or_default().to_owned(),
            launch_url: tool.launch_url.clone(),
            request: message,
            sent: String::from_utf8_lossy(&body).into_owned(),
            status: None,
            content_type: String::new(),
            body: String::new(),
            problems: Vec::new(),
        };
        let known_before = {
            let state = self.state();
            let history = state.histories.get(&tool.id);
            history.is_some_and(|history| history.knows(&verdict.sub))
        };
        match self.post(&tool.launch_url, content_type, body, pace).await {
            Err(problem) => verdict.problems.push(problem),
            Ok(page) => {
                verdict.status = Some(page.status);
                page.header("content-type")
                    .unwrap_or_default()
                    .clone_into(&mut verdict.content_type);
                verdict.body = page.text();
                let answer = Answer {
                    sub: &verdict.sub,
                    launch_url: &tool.launch_url,
                    status: page.status,
                    content_type: &verdict.content_type,
                    body: &page.body,
                    known_before,
                };
                let mut state = self.state();
                let history = state.histories.entry(tool.id.clone()).or_default();
                verdict.problems = history.judge(&answer, &self.link_origins);
                if page.headers.contains_key("set-cookie") {
                    verdict.problems.push(
                        "the answer sets a cookie, but the caller is not the student".to_owned(),
                    );
                }
            }
        }
        let launched = Launched {
            at: self.clock.now(),
            tool: tool.name.clone(),
            fault: None,
            verdict: verdict.clone(),
        };
        self.state().transcript.push(launched);
        verdict
    }

    async fn post(
        &self,
        url: &str,
        content_type: &str,
        body: Vec<u8>,
        pace: Option<Pace>,
    ) -> Result<crate::browser::Page, String> {
        let mut request = Request::new(Method::POST, url)
            .map_err(|error| error.to_string())?
            .no_redirects();
        request.pace = pace;
        let secret = self.state().switches.hmac_secret.clone();
        if let Some(secret) = secret {
            let now = self.clock.seconds().to_string();
            request = request
                .header(
                    "x-launch-signature",
                    &format!("v1={}", signature(&secret, &now, &body)),
                )
                .header("x-launch-timestamp", &now);
        }
        // A client of its own each time: nothing of one launch can reach the next.
        let client = self.client.fresh();
        let sent = client.send(request.body(content_type, body));
        match tokio::time::timeout(self.timeout, sent).await {
            Ok(answer) => answer.map_err(|error| error.to_string()),
            Err(_) => Err(format!("no answer within {} s", self.timeout.as_secs())),
        }
    }
}

/// Hexadecimal HMAC-SHA256 of `timestamp.body`.
fn signature(secret: &str, timestamp: &str, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let mut context = hmac::Context::with_key(&key);
    context.update(timestamp.as_bytes());
    context.update(b".");
    context.update(body);
    context
        .sign()
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

//! Shared by all cases: valid launches, requests, and the answers called OK and Refused.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::{Map, Value};
use url::Url;

use super::{
    ConformanceOptions,
    answers::{refusal, unexpected},
    checks::{Step, Stop, expect},
    insight::Insight,
};
use crate::{
    Error,
    browser::{Browser, Page, Request},
    clock::Clock,
    random,
    studyreel::{Student, Switches, Times, judge::link_problem, message, signature::signature},
};

const JSON: &str = "application/json";

/// The bench that all cases run on.
pub(super) struct Bench {
    pub(super) options: ConformanceOptions,
    pub(super) clock: Clock,
    client: Browser,
}

/// A launch before it is sent.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Draft(pub(super) Map<String, Value>);

impl Draft {
    /// Sets a member, in place or at the end.
    pub(super) fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    /// Removes a member.
    pub(super) fn without(mut self, key: &str) -> Self {
        self.0.shift_remove(key);
        self
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        self.text().into_bytes()
    }

    pub(super) fn text(&self) -> String {
        Value::Object(self.0.clone()).to_string()
    }
}

/// The answer called OK.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Accepted {
    pub(super) user: String,
    pub(super) is_new: bool,
    pub(super) link: String,
}

impl Bench {
    pub(super) fn new(options: ConformanceOptions) -> Result<Self, Error> {
        Ok(Self {
            options,
            clock: Clock::default(),
            client: Browser::new()?.wanting_pages(),
        })
    }

    pub(super) fn insight(&self) -> Option<&dyn Insight> {
        self.options.insight.as_ref().map(Arc::as_ref)
    }

    /// A new person's browser.
    pub(super) fn browser(&self) -> Browser {
        self.client.fresh()
    }

    /// Whether an address is on one of the application's known origins.
    pub(super) fn is_own(&self, url: &Url) -> bool {
        let launch = Url::parse(&self.options.launch_url);
        let origin = url.origin().ascii_serialization();
        launch.is_ok_and(|launch| launch.origin() == url.origin())
            || self.options.origins.contains(&origin)
    }

    /// A new student.
    pub(super) fn sub(&self) -> String {
        let name = random::alphanumeric(16).to_ascii_lowercase();
        format!("check-{name}@example.com")
    }

    /// **V**: a fresh, valid launch in which only the age matters for placement.
    pub(super) fn valid(&self, sub: &str) -> Draft {
        let student = Student {
            age_grade: Some("5".to_owned()),
            ..Student::new(sub, "Ada", "Moss")
        };
        let sender = &self.options.sender;
        Draft(message::write(
            &student,
            &Switches::default(),
            &sender.issuer,
            &sender.deployment_id,
            random::digits(15).parse().unwrap_or_default(),
            self.clock.now(),
        ))
    }

    /// V for a new student.
    pub(super) fn fresh(&self) -> Draft {
        self.valid(&self.sub())
    }

    /// V issued and expiring this many seconds from now.
    pub(super) fn at(&self, sub: &str, iat: i64, exp: i64) -> Draft {
        self.valid(sub)
            .with("iat", self.time(iat))
            .with("exp", self.time(exp))
    }

    /// A time this many seconds from now, as StudyReel writes it.
    pub(super) fn time(&self, seconds: i64) -> Value {
        Times::Documented.write(self.moment(seconds))
    }

    pub(super) fn moment(&self, seconds: i64) -> Timestamp {
        let from_now = SignedDuration::from_secs(seconds);
        self.clock
            .now()
            .saturating_add(from_now)
            .unwrap_or(Timestamp::MAX)
    }

    /// The request that launches `body`, without a signature.
    pub(super) fn unsigned(&self, body: Vec<u8>) -> Step<Request> {
        let request = Request::new(Method::POST, &self.options.launch_url)?;
        Ok(request.no_redirects().body(JSON, body))
    }

    /// The request that launches `body`, signed if the application requires it.
    pub(super) fn request(&self, body: Vec<u8>) -> Step<Request> {
        match &self.options.hmac_secret {
            Some(secret) => self.signed(secret, self.clock.seconds(), body),
            None => self.unsigned(body),
        }
    }

    pub(super) fn signed(&self, secret: &str, time: i64, body: Vec<u8>) -> Step<Request> {
        let time = time.to_string();
        let signature = format!("v1={}", signature(secret, &time, &body));
        let request = self.unsigned(body)?;
        Ok(request
            .header("x-launch-timestamp", &time)
            .header("x-launch-signature", &signature))
    }

    /// Sends a request as StudyReel's server does: without any student's cookies.
    pub(super) async fn send(&self, request: Request) -> Step<Page> {
        Ok(self.browser().send(request).await?)
    }

    /// Sends a launch.
    pub(super) async fn post(&self, message: &Draft) -> Step<Page> {
        self.post_raw(message.bytes()).await
    }

    /// Sends any body as a launch.
    pub(super) async fn post_raw(&self, body: Vec<u8>) -> Step<Page> {
        self.send(self.request(body)?).await
    }

    /// Sends a launch that must be answered OK.
    pub(super) async fn ok(&self, message: &Draft) -> Step<Accepted> {
        self.accepted(&self.post(message).await?)
    }

    /// OK: 200, the five members, `status` of `success`, and an acceptable link.
    pub(super) fn accepted(&self, page: &Page) -> Step<Accepted> {
        if page.status != 200 {
            return Err(Stop::Failed(unexpected(page, "200")));
        }
        let Ok(Value::Object(answer)) = page.json() else {
            return Err(Stop::Failed("the answer is no JSON object".to_owned()));
        };
        let text = |name: &str| {
            let value = answer.get(name).and_then(Value::as_str);
            value
                .filter(|text| !text.is_empty())
                .ok_or_else(|| Stop::Failed(format!("{name} is missing or no text")))
        };
        expect(text("status")? == "success", "status is not success")?;
        text("message")?;
        let is_new = match text("userType")? {
            "new" => true,
            "existing" => false,
            other => {
                let why = format!("userType is {other:?}, neither new nor existing");
                return Err(Stop::Failed(why));
            }
        };
        let link = text("loginLink")?;
        match link_problem(link, &self.options.launch_url, &self.options.origins) {
            Some(problem) => Err(Stop::Failed(problem.to_owned())),
            None => Ok(Accepted {
                user: text("userID")?.to_owned(),
                is_new,
                link: link.to_owned(),
            }),
        }
    }

    /// Sends a launch that must be refused.
    pub(super) async fn refused(&self, message: &Draft) -> Step<Page> {
        refusal(self.post(message).await?)
    }
}

//! How a launch is sent, and its answer judged and recorded.

use reqwest::Method;
use serde_json::Value;

use super::{
    judge::Answer, overrides::Overrides, signature::signature, students::Student,
    switches::Switches, system::System, tool::StudyReelTool, transcript::Launched,
    verdict::Verdict,
};
use crate::browser::{Pace, Page, Request};

impl System {
    pub(super) async fn launch(
        &self,
        student: &Student,
        tool: &StudyReelTool,
        overrides: &Overrides,
    ) -> Verdict {
        let switches = self.state().switches.clone();
        self.launch_as(&switches, student, tool, overrides).await
    }

    /// Launches with these switches instead of the current ones, which still decide about the
    /// signature.
    pub(super) async fn launch_as(
        &self,
        switches: &Switches,
        student: &Student,
        tool: &StudyReelTool,
        overrides: &Overrides,
    ) -> Verdict {
        let message = self.payload_as(switches, student, &tool.deployment_id, overrides);
        let body = overrides.body(&message).into_bytes();
        self.deliver(tool, "application/json", body, None).await
    }

    pub(super) async fn deliver(
        &self,
        tool: &StudyReelTool,
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
    ) -> Result<Page, String> {
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
        // A fresh client each time, so that nothing leaks from one launch to the next.
        let client = self.client.fresh();
        let sent = client.send(request.body(content_type, body));
        match tokio::time::timeout(self.timeout, sent).await {
            Ok(answer) => answer.map_err(|error| error.to_string()),
            Err(_) => Err(format!("no answer within {} s", self.timeout.as_secs())),
        }
    }
}

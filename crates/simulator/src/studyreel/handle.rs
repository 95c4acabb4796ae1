//! The handle with which tests inspect and control a running StudyReel.

use std::sync::Arc;

use serde_json::Value;

use super::{
    Attack, Launched, Overrides, Student, StudyReel, StudyReelTool, Switches, Verdict, Visit,
};
use crate::{Error, browser::Browser, clock::Clock};

/// The server, its students and its tools.
impl StudyReel {
    /// Its public URL, without a trailing slash.
    pub fn url(&self) -> &str {
        &self.system.base
    }

    /// Waits until the server ends.
    pub async fn ended(mut self) {
        self.running.ended().await;
    }

    /// The key that `POST /tools/register` requires as `x-api-key`.
    pub fn api_key(&self) -> &str {
        &self.system.api_key
    }

    /// Its clock, which can be set wrong.
    pub fn clock(&self) -> &Clock {
        &self.system.clock
    }

    /// Uses another issuer from now on.
    pub fn set_issuer(&self, issuer: &str) {
        issuer.clone_into(&mut self.system.state().issuer);
    }

    /// Changes how launches are written from now on.
    pub fn set_switches(&self, switches: Switches) {
        self.system.state().switches = switches;
    }

    /// The students, the documented example first.
    pub fn students(&self) -> Vec<Student> {
        self.system.state().students.clone()
    }

    /// The tools, in order of registration.
    pub fn tools(&self) -> Vec<StudyReelTool> {
        self.system.state().tools.clone()
    }

    /// Adds a tool, or changes the launch URL and deployment of the one with the same id.
    pub fn set_tool(&self, tool: StudyReelTool) {
        let mut state = self.system.state();
        state.tools.retain(|known| known.id != tool.id);
        state.tools.push(tool);
    }

    /// Every launch so far, oldest first.
    pub fn transcript(&self) -> Vec<Launched> {
        self.system.state().transcript.clone()
    }

    /// The newest tool.
    fn tool(&self) -> StudyReelTool {
        let nowhere = || StudyReelTool::configured(String::new(), String::new());
        self.system.newest_tool().unwrap_or_else(nowhere)
    }
}

/// Launches.
impl StudyReel {
    /// The message of a fresh launch into the newest tool, changed by `overrides`. It uses up a
    /// `jti`, but is not sent.
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

    /// Sends any body with any content type to the newest tool and judges the answer.
    pub async fn send_raw(&self, content_type: &str, body: Vec<u8>) -> Verdict {
        let tool = self.tool();
        self.system.deliver(&tool, content_type, body, None).await
    }

    /// Attacks the newest tool; [`Attack::held`] judges the verdict.
    pub async fn attack(&self, student: &Student, attack: Attack) -> Verdict {
        let tool = self.tool();
        let none = Overrides::none();
        self.system.attack(student, &tool, attack, &none).await
    }

    /// Launches one student many times at once. All launches are valid and different.
    pub async fn burst(&self, student: &Student, launches: usize) -> Vec<Verdict> {
        let (tool, none) = (self.tool(), Overrides::none());
        self.system.burst(student, &tool, launches, &none).await
    }

    /// A student's browser; each has its own cookies.
    pub fn browser(&self, sub: &str) -> Arc<Browser> {
        self.system.browser(sub)
    }

    /// Opens a verdict's login link in its student's browser: follows redirects and submits a
    /// self-submitting form, on the link's origin and those allowed for links. Then opens it in a
    /// stranger's browser, where it must not start a session again.
    pub async fn visit(&self, verdict: &Verdict) -> Result<Visit, Error> {
        self.system.visit(verdict).await
    }
}

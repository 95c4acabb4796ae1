//! The state of the pretend StudyReel.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::Value;

use super::{
    judge::SentHistory, message, overrides::Overrides, students::Student, switches::Switches,
    tool::StudyReelTool, transcript::Launched,
};
use crate::{browser::Browser, clock::Clock};

/// Shared by the handlers.
pub(super) struct System {
    pub(super) base: String,
    pub(super) api_key: String,
    pub(super) timeout: Duration,
    pub(super) link_origins: Vec<String>,
    pub(super) clock: Clock,
    /// StudyReel's own client, without any student's cookies.
    pub(super) client: Browser,
    pub(super) state: Mutex<State>,
}

pub(super) struct State {
    pub(super) issuer: String,
    pub(super) switches: Switches,
    pub(super) students: Vec<Student>,
    pub(super) tools: Vec<StudyReelTool>,
    pub(super) jti: u64,
    /// By the tool's id.
    pub(super) histories: HashMap<String, SentHistory>,
    pub(super) transcript: Vec<Launched>,
    /// The students' browsers, by `sub`.
    pub(super) browsers: HashMap<String, Arc<Browser>>,
}

impl System {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn newest_tool(&self) -> Option<StudyReelTool> {
        self.state().tools.last().cloned()
    }

    pub(super) fn save_student(&self, student: Student) {
        let students = &mut self.state().students;
        match students.iter_mut().find(|known| known.sub == student.sub) {
            Some(known) => *known = student,
            None => students.push(student),
        }
    }

    pub(super) fn find(&self, sub: &str, tool: &str) -> Option<(Student, StudyReelTool)> {
        let state = self.state();
        let student = state.students.iter().find(|student| student.sub == sub)?;
        let tool = state.tools.iter().find(|known| known.id == tool)?;
        Some((student.clone(), tool.clone()))
    }

    pub(super) fn payload(
        &self,
        student: &Student,
        deployment: &str,
        overrides: &Overrides,
    ) -> Value {
        let switches = self.state().switches.clone();
        self.payload_as(&switches, student, deployment, overrides)
    }

    pub(super) fn payload_as(
        &self,
        switches: &Switches,
        student: &Student,
        deployment: &str,
        overrides: &Overrides,
    ) -> Value {
        let mut state = self.state();
        state.jti += 1;
        let now = self.clock.now();
        let mut written =
            message::write(student, switches, &state.issuer, deployment, state.jti, now);
        overrides.apply(&mut written);
        Value::Object(written)
    }
}

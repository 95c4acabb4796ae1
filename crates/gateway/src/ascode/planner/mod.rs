//! Compares a configuration with the store: what changes, by which steps, and what is wrong with
//! the file. Reports all mistakes at once.

mod paths;
mod platforms;
mod platforms_after;
mod webhooks;

use std::collections::BTreeSet;

use serde_json::Value;
use store::{StoreError, Tx, tools};

use super::document::{InstallationCode, ToolCode};
use super::error::{CodeError, Mistake};
use super::nulls::keep_nulls_in;
use super::plan::{
    ApplyOptions, ChangeKind, MemberChange, Plan, PlannedChange, UnnamedThing, differences,
};
use super::room::AsCode;
use super::snapshot::ToolSnapshot;
use super::step::CodeStep;
use crate::directory::tool_api::new_blocked_pages;
use crate::directory::tools::Tool;
use crate::directory::tools_api;
use crate::kit::id::new_id;
use crate::settings::tool::ToolSettings;

/// A plan, the steps that carry it out, and the state of the tools it is based on, ordered by their
/// ids.
pub(super) struct Draft {
    pub(super) plan: Plan,
    pub(super) steps: Vec<CodeStep>,
    pub(super) snapshots: Vec<ToolSnapshot>,
}

/// Compares one file with the store.
pub(super) struct Planner<'a> {
    room: &'a AsCode,
    how: ApplyOptions,
    /// In milliseconds since 1970.
    now: i64,
    plan: Plan,
    steps: Vec<CodeStep>,
    /// The state of the tools that steps change.
    snapshots: Vec<ToolSnapshot>,
    mistakes: Vec<Mistake>,
}

/// A tool in the file.
struct PlannedTool {
    /// Its path in the file.
    at: String,
    id: String,
    host: Option<String>,
    is_first: bool,
    /// The stored tool. None if this file creates it.
    snapshot: Option<ToolSnapshot>,
}

impl PlannedTool {
    fn is_new(&self) -> bool {
        self.snapshot.is_none()
    }
}

impl<'a> Planner<'a> {
    pub(super) fn new(room: &'a AsCode, how: ApplyOptions) -> Self {
        Self {
            room,
            how,
            now: room.clock.now_ms(),
            plan: Plan::default(),
            steps: Vec::new(),
            snapshots: Vec::new(),
            mistakes: Vec::new(),
        }
    }

    /// Compares everything.
    ///
    /// # Errors
    /// The store failed, or its rows can't be read.
    pub(super) async fn plan(
        &mut self,
        tx: &mut Tx<'_>,
        code: &InstallationCode,
    ) -> Result<(), StoreError> {
        let rows = tools::all(tx).await?;
        let known = rows.iter().cloned().map(Tool::try_from);
        let known: Vec<Tool> = known.collect::<Result<_, _>>()?;
        let mut named = BTreeSet::new();
        for (index, tool) in code.tools.iter().enumerate() {
            let at = format!("tools[{index}]");
            let found = match tool.host.as_deref().map(normal) {
                None => known.first(),
                Some(host) => known.iter().find(|tool| tool.host.as_ref() == Some(&host)),
            };
            let who = found.map_or_else(
                || tool.host.as_deref().map(normal),
                |tool| Some(tool.id.clone()),
            );
            if !named.insert(who) {
                self.wrong(at, "host", "names a tool that is in the file already");
                continue;
            }
            let is_first =
                found.is_some_and(|found| known.first().is_some_and(|first| first.id == found.id));
            let before = self.steps.len();
            let Some(mut planned) = self.tool(at, tool, found, is_first)? else {
                continue;
            };
            let row = found.and_then(|found| rows.iter().find(|row| row.id == found.id));
            planned.snapshot = row.cloned().map(ToolSnapshot::of);
            self.platforms(tx, &planned, tool).await?;
            self.paths(tx, &mut planned, tool).await?;
            self.webhooks(tx, &mut planned, tool).await?;
            if self.steps.len() > before {
                self.snapshots.extend(planned.snapshot);
            }
        }
        Ok(())
    }

    /// The result of the comparison.
    ///
    /// # Errors
    /// The file has mistakes.
    pub(super) fn end(self) -> Result<Draft, CodeError> {
        if !self.mistakes.is_empty() {
            return Err(CodeError::Wrong(self.mistakes));
        }
        let Self {
            plan,
            steps,
            mut snapshots,
            ..
        } = self;
        // Always locked in the same order, whatever the file's: otherwise two files could deadlock.
        snapshots.sort_by(|a, b| a.row.id.cmp(&b.row.id));
        Ok(Draft {
            plan,
            steps,
            snapshots,
        })
    }

    /// The tool itself and its settings; `None` if no such tool is possible.
    fn tool(
        &mut self,
        at: String,
        code: &ToolCode,
        found: Option<&Tool>,
        is_first: bool,
    ) -> Result<Option<PlannedTool>, StoreError> {
        let defaults = ToolSettings::default();
        let before = found.map_or(&defaults, |found| &found.settings);
        let settings = code.settings.as_ref();
        let settings = settings.map_or(Some(before.clone()), |given| {
            self.settings(&at, before, given)
        });
        let Some(found) = found else {
            return self.new_tool(at, code, settings.unwrap_or_default());
        };
        let planned = PlannedTool {
            at,
            id: found.id.clone(),
            host: found.host.clone(),
            is_first,
            snapshot: None,
        };
        let Some(settings) = settings else {
            return Ok(Some(planned));
        };
        let members = differences(&json(before)?, &json(&settings)?);
        if !members.is_empty() {
            let name = settings.name.clone();
            let changed = Tool {
                settings,
                ..found.clone()
            };
            self.steps.push(CodeStep::ChangeSettings(changed.to_row()?));
            self.changes(&planned, ChangeKind::Change, "settings", name, members);
        }
        Ok(Some(planned))
    }

    /// A new tool, checked as in `POST /admin/tools`.
    fn new_tool(
        &mut self,
        at: String,
        code: &ToolCode,
        settings: ToolSettings,
    ) -> Result<Option<PlannedTool>, StoreError> {
        let host = code.host.as_deref().unwrap_or_default();
        let host = match tools_api::host(&self.room.public_url, host) {
            Ok(host) => host,
            Err(problem) => {
                let says = problem.description.trim_start_matches("host: ");
                self.wrong(at, "host", says);
                return Ok(None);
            }
        };
        let made = Tool {
            id: new_id(self.now, &self.room.random),
            host: Some(host.clone()),
            settings,
        };
        self.steps.push(CodeStep::AddTool(made.to_row()?));
        let planned = PlannedTool {
            at,
            id: made.id,
            host: made.host,
            is_first: false,
            snapshot: None,
        };
        self.changes(&planned, ChangeKind::Create, "tool", host, Vec::new());
        Ok(Some(planned))
    }

    /// The file's settings, checked as in `PATCH /admin/tool`; `None` if they are invalid.
    fn settings(&mut self, at: &str, before: &ToolSettings, given: &Value) -> Option<ToolSettings> {
        let path = format!("{at}.settings");
        let (mut settings, problems) = ToolSettings::read(given.clone());
        keep_nulls_in(before, &mut settings);
        let blocked = new_blocked_pages(before, &settings, &self.room.public_url).into_iter();
        let blocked: Vec<String> = blocked.map(|page| page.to_string()).collect();
        if problems.is_empty() && blocked.is_empty() {
            return Some(settings);
        }
        for problem in problems {
            self.wrong(path.clone(), &problem.member, problem.must);
        }
        let blocked = blocked.into_iter();
        self.mistakes
            .extend(blocked.map(|says| Mistake::new(path.clone(), says)));
        None
    }

    /// Adds a mistake: a member of the object at this path is wrong.
    fn wrong(&mut self, at: impl Into<String>, member: &str, problem: impl Into<String>) {
        let mut at = at.into();
        if !member.is_empty() && member != "." {
            at.push('.');
            at.push_str(member);
        }
        self.mistakes.push(Mistake::new(at, problem));
    }

    /// Adds a change.
    fn changes(
        &mut self,
        tool: &PlannedTool,
        action: ChangeKind,
        what: &'static str,
        name: impl Into<String>,
        members: Vec<MemberChange>,
    ) {
        self.plan.changes.push(PlannedChange {
            action,
            what,
            name: name.into(),
            tool: tool.host.clone(),
            members,
            warnings: Vec::new(),
        });
    }

    /// Adds something the file doesn't name. True if it has to be removed.
    fn unnamed(&mut self, tool: &PlannedTool, what: &'static str, name: String) -> bool {
        if self.how.prune {
            self.changes(tool, ChangeKind::Remove, what, name, Vec::new());
            return true;
        }
        self.plan.unnamed.push(UnnamedThing {
            what,
            name,
            tool: tool.host.clone(),
        });
        false
    }
}

/// A host name in its stored form.
fn normal(host: &str) -> String {
    host.trim().to_ascii_lowercase()
}

/// A value as in a file.
fn json(value: &impl serde::Serialize) -> Result<Value, StoreError> {
    serde_json::to_value(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}

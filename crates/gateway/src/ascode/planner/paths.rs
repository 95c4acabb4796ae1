//! Learning paths, checked as in `/admin/learning-paths`.

use std::collections::{BTreeMap, BTreeSet};

use store::{StoreError, Tx, learning_paths};
use studyreel::placement::{LearningPath, MOST_PATHS};

use super::super::document::ToolCode;
use super::super::nulls::keep_nulls;
use super::super::plan::{ChangeKind, differences};
use super::super::step::CodeStep;
use super::{PlannedTool, Planner, json};
use crate::studyreel::{is_overruled, read_paths, row_of};

impl Planner<'_> {
    pub(super) async fn paths(
        &mut self,
        tx: &mut Tx<'_>,
        tool: &mut PlannedTool,
        code: &ToolCode,
    ) -> Result<(), StoreError> {
        let Some(given) = &code.learning_paths else {
            return Ok(());
        };
        let mut rows = Vec::new();
        if let Some(snapshot) = &mut tool.snapshot {
            rows = learning_paths::of_tool(tx, tool.id.clone()).await?;
            snapshot.paths = Some(rows.clone());
        }
        let stored = read_paths(rows)?.into_iter();
        let mut known: BTreeMap<String, LearningPath> =
            stored.map(|path| (path.id.clone(), path)).collect();
        // Removals come first, because a subject has one path at a time.
        let (mut gone, mut come) = (Vec::new(), Vec::new());
        let (mut ids, mut subjects) = (BTreeSet::new(), BTreeSet::new());
        for (index, path) in given.iter().enumerate() {
            let at = format!("{}.learningPaths[{index}]", tool.at);
            if !ids.insert(&path.id) {
                self.wrong(at, "id", "is in the file already");
                continue;
            }
            if !subjects.insert(path.subject.clone()) {
                self.wrong(at, "subject", "has a path in the file already");
                continue;
            }
            let before = known.remove(&path.id);
            self.path(tool, &at, before, path, &mut gone, &mut come)?;
        }
        for (id, path) in known {
            if self.unnamed(tool, "learningPath", id.clone()) {
                let tool_id = tool.id.clone();
                gone.push(CodeStep::RemovePath { tool_id, id });
            } else if subjects.contains(&path.subject) {
                let problem = format!(
                    "the tool has the path {id} for the subject {}, which the file doesn't name",
                    path.subject
                );
                self.wrong(tool.at.clone(), "learningPaths", problem);
            } else {
                subjects.insert(path.subject);
            }
        }
        if subjects.len() > MOST_PATHS {
            let problem = format!("a tool has at most {MOST_PATHS}");
            self.wrong(tool.at.clone(), "learningPaths", problem);
        }
        self.steps.append(&mut gone);
        self.steps.append(&mut come);
        Ok(())
    }

    fn path(
        &mut self,
        tool: &PlannedTool,
        at: &str,
        before: Option<LearningPath>,
        path: &LearningPath,
        gone: &mut Vec<CodeStep>,
        come: &mut Vec<CodeStep>,
    ) -> Result<(), StoreError> {
        let mut path = path.clone();
        if let Some(before) = &before {
            keep_nulls(&before.weekly_goal, &mut path.weekly_goal);
        }
        let path = &path;
        if before.as_ref() == Some(path) {
            return Ok(());
        }
        if tool.is_first && is_overruled(&self.room.written_paths, path) {
            let problem =
                "the setting learning_paths defines the path of this id or for this subject";
            self.wrong(at, "id", problem);
            return Ok(());
        }
        let (tool_id, row) = (tool.id.clone(), row_of(path)?);
        let Some(before) = before else {
            come.push(CodeStep::AddPath { tool_id, row });
            self.changes(
                tool,
                ChangeKind::Create,
                "learningPath",
                &path.id,
                Vec::new(),
            );
            return Ok(());
        };
        let members = differences(&json(&before)?, &json(path)?);
        if before.subject == path.subject {
            come.push(CodeStep::ReplacePath { tool_id, row });
        } else {
            let (tool_id, id) = (tool.id.clone(), before.id);
            gone.push(CodeStep::RemovePath { tool_id, id });
            let tool_id = tool.id.clone();
            come.push(CodeStep::AddPath { tool_id, row });
        }
        self.changes(tool, ChangeKind::Change, "learningPath", &path.id, members);
        Ok(())
    }
}

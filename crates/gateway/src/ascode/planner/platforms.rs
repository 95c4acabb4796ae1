//! Platforms and their deployments, checked as in `/admin/platforms`.

use std::collections::{BTreeMap, BTreeSet};

use store::deployments::{self, Deployment};
use store::{StoreError, Tx, deliveries, platforms};

use super::super::document::{DeploymentCode, PlatformCode, ToolCode};
use super::super::plan::{ChangeKind, UnnamedThing, differences};
use super::super::step::{CodeStep, PlannedDeployment, StoppedPlatform};
use super::platforms_after::PlatformsAfter;
use super::{PlannedTool, Planner, json};
use crate::directory::platforms::Platform;
use crate::directory::platforms_api::GivenPlatform;
use crate::kit::id::new_id;
use crate::kit::text::is_printable_id;

/// What identifies a platform: issuer and client id.
type PlatformKey = (String, String);

/// The deployments of a tool's platforms, by platform id.
type KnownDeployments = BTreeMap<String, Vec<Deployment>>;

/// How many platforms are compared before other tasks get a turn.
const AT_ONCE: usize = 64;

impl Planner<'_> {
    pub(super) async fn platforms(
        &mut self,
        tx: &mut Tx<'_>,
        tool: &PlannedTool,
        code: &ToolCode,
    ) -> Result<(), StoreError> {
        let Some(given) = &code.platforms else {
            return Ok(());
        };
        let mut known = self.known_platforms(tx, tool).await?;
        let rows = known.values().map(|platform| platform.row.clone());
        let mut after = PlatformsAfter::new(rows, self.steps.len());
        let mut deployments = known_deployments(tx, tool, given).await?;
        let mut named = BTreeSet::new();
        for (index, code) in given.iter().enumerate() {
            if index % AT_ONCE == AT_ONCE - 1 {
                tokio::task::yield_now().await;
            }
            let at = format!("{}.platforms[{index}]", tool.at);
            let key = (code.url.trim().to_owned(), code.client_id.trim().to_owned());
            if !named.insert(key.clone()) {
                self.wrong(at, "clientId", "is in the file already, with this url");
                continue;
            }
            let before = known.remove(&key);
            self.platform(tool, &at, code, before, &mut deployments)?;
        }
        for (key, platform) in known {
            let name = name_of(&key);
            if self.unnamed(tool, "platform", name.clone()) {
                after.remove(&platform.row.id);
                self.nothing_is_lost(tx, tool, &platform).await?;
                let thing = UnnamedThing {
                    what: "platform",
                    name,
                    tool: tool.host.clone(),
                };
                self.steps.push(CodeStep::StopPlatform(StoppedPlatform {
                    tool_id: tool.id.clone(),
                    id: platform.row.id,
                    thing,
                }));
            }
        }
        for problem in after.alike(&self.steps) {
            self.wrong(tool.at.clone(), "platforms", problem);
        }
        Ok(())
    }

    /// Refuses to remove a platform with undelivered scores, which would be lost: a file alone must
    /// not do that (grades.md GR-11).
    async fn nothing_is_lost(
        &mut self,
        tx: &mut Tx<'_>,
        tool: &PlannedTool,
        platform: &Platform,
    ) -> Result<(), StoreError> {
        let (id, name) = (&platform.row.id, &platform.row.name);
        let undelivered = deliveries::undelivered(tx, id).await?;
        if undelivered > 0 {
            let problem = format!(
                "doesn't name the platform {id} ({name}), for which {undelivered} scores are not delivered yet. DELETE \
                 /admin/platforms/{id} or `hallpass platforms remove` removes it nevertheless"
            );
            self.wrong(tool.at.clone(), "platforms", problem);
        }
        Ok(())
    }

    async fn known_platforms(
        &self,
        tx: &mut Tx<'_>,
        tool: &PlannedTool,
    ) -> Result<BTreeMap<PlatformKey, Platform>, StoreError> {
        if tool.is_new() {
            return Ok(BTreeMap::new());
        }
        let rows = platforms::of_tool(tx, tool.id.clone()).await?;
        let known = rows.into_iter().map(|row| {
            let key = (row.issuer.clone(), row.client_id.clone());
            Ok((key, Platform::try_from(row)?))
        });
        known.collect()
    }

    fn platform(
        &mut self,
        tool: &PlannedTool,
        at: &str,
        code: &PlatformCode,
        before: Option<Platform>,
        deployments: &mut KnownDeployments,
    ) -> Result<(), StoreError> {
        let given = match GivenPlatform::read(code.members(), &self.room.outbound) {
            Ok(given) => given,
            Err(wrong) => {
                for (member, problem) in wrong {
                    self.wrong(at, &member, problem);
                }
                return Ok(());
            }
        };
        let warnings = given.warnings();
        let changes = self.plan.changes.len();
        let id = match before {
            Some(before) => {
                self.replaced(tool, &before, given)?;
                before.row.id
            }
            None => self.added(tool, given)?,
        };
        if let Some(change) = self.plan.changes.get_mut(changes) {
            change.warnings = warnings;
        }
        if let Some(given) = &code.deployments {
            let known = deployments.remove(&id).unwrap_or_default();
            self.deployments(tool, at, &id, given, known);
        }
        Ok(())
    }

    /// Adds a new platform and returns its id.
    fn added(&mut self, tool: &PlannedTool, given: GivenPlatform) -> Result<String, StoreError> {
        let id = new_id(self.now, &self.room.random);
        let row = given
            .created(id.clone(), tool.id.clone(), self.now)?
            .into_row()?;
        let name = name_of(&(row.issuer.clone(), row.client_id.clone()));
        self.steps.push(CodeStep::AddPlatform(Box::new(row)));
        self.changes(tool, ChangeKind::Create, "platform", name, Vec::new());
        Ok(id)
    }

    fn replaced(
        &mut self,
        tool: &PlannedTool,
        before: &Platform,
        given: GivenPlatform,
    ) -> Result<(), StoreError> {
        let after = given.replacing(before, self.now)?;
        let written = |platform: &Platform| json(&PlatformCode::of(platform));
        let members = differences(&written(before)?, &written(&after)?);
        if members.is_empty() {
            return Ok(());
        }
        let row = after.into_row()?;
        let name = name_of(&(row.issuer.clone(), row.client_id.clone()));
        let seen = Box::new(before.row.clone());
        self.steps
            .push(CodeStep::ReplacePlatform(seen, Box::new(row)));
        self.changes(tool, ChangeKind::Change, "platform", name, members);
        Ok(())
    }

    fn deployments(
        &mut self,
        tool: &PlannedTool,
        at: &str,
        platform_id: &str,
        given: &[DeploymentCode],
        known: Vec<Deployment>,
    ) {
        let known = known.into_iter();
        let mut known: BTreeMap<String, Deployment> =
            known.map(|row| (row.deployment_id.clone(), row)).collect();
        let mut named = BTreeSet::new();
        for (index, code) in given.iter().enumerate() {
            let at = format!("{at}.deployments[{index}]");
            let (id, status) = (code.deployment_id.trim(), code.status);
            if !is_printable_id(id) {
                let form = "must be a text of 1 to 255 printable ASCII characters";
                self.wrong(at, "deploymentId", form);
                continue;
            }
            if !named.insert(id.to_owned()) {
                self.wrong(at, "deploymentId", "is in the file already");
                continue;
            }
            let before = known.remove(id);
            let planned = PlannedDeployment {
                platform_id: platform_id.to_owned(),
                deployment_id: id.to_owned(),
                status,
            };
            match before {
                None => {
                    self.steps.push(CodeStep::AddDeployment(planned));
                    self.changes(tool, ChangeKind::Create, "deployment", id, Vec::new());
                }
                Some(before) if before.status != status => {
                    let members = differences(
                        &serde_json::json!({"status": before.status}),
                        &serde_json::json!({"status": status}),
                    );
                    self.steps
                        .push(CodeStep::SwitchDeployment(before.status, planned));
                    self.changes(tool, ChangeKind::Change, "deployment", id, members);
                }
                Some(_) => {}
            }
        }
        for deployment_id in known.into_keys() {
            if self.unnamed(tool, "deployment", deployment_id.clone()) {
                self.steps.push(CodeStep::RemoveDeployment {
                    platform_id: platform_id.to_owned(),
                    deployment_id,
                });
            }
        }
    }
}

/// One query, however many platforms there are; none if the file lists no deployments.
async fn known_deployments(
    tx: &mut Tx<'_>,
    tool: &PlannedTool,
    given: &[PlatformCode],
) -> Result<KnownDeployments, StoreError> {
    let mut known = KnownDeployments::new();
    if !tool.is_new() && given.iter().any(|code| code.deployments.is_some()) {
        for (platform_id, deployment) in deployments::of_tool(tx, tool.id.clone()).await? {
            known.entry(platform_id).or_default().push(deployment);
        }
    }
    Ok(known)
}

/// The platform's name in a plan.
fn name_of((issuer, client_id): &PlatformKey) -> String {
    format!("{issuer} {client_id}")
}

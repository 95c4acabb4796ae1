//! Manages platforms directly in the store, even while servers are running. Needs only the store.

use store::deliveries;
use store::deployments::{self, Deployment};
use store::platform_visits::{self, PlatformVisit};
use store::platforms::{self, PlatformRow};
use store::{StoreError, tools};

use super::command_audit::done;
use super::{Operator, OperatorError};
use crate::audit::AuditAction;
use crate::directory::removal;
use crate::directory::switching::{Switch, finish, switch};
use crate::directory::tools::stored;
use crate::settings::public_url::PublicUrl;

/// A platform, and its last launch if one was recorded.
pub struct KnownPlatform {
    /// As stored.
    pub platform: PlatformRow,
    /// To the minute.
    pub visit: Option<PlatformVisit>,
}

impl Operator {
    /// Every platform, oldest first.
    ///
    /// # Errors
    /// The store failed.
    pub async fn platforms(&self) -> Result<Vec<PlatformRow>, OperatorError> {
        let mut reader = self.db.read().await?;
        let mut found = Vec::new();
        for tool in tools::all(&mut reader.tx()).await? {
            found.extend(platforms::of_tool(&mut reader.tx(), tool.id).await?);
        }
        Ok(found)
    }

    /// One platform.
    ///
    /// # Errors
    /// There is no such platform, or the store failed.
    pub async fn platform(&self, id: &str) -> Result<PlatformRow, OperatorError> {
        let found = platforms::by_id(&mut self.db.read().await?.tx(), id.to_owned()).await?;
        found.ok_or_else(|| OperatorError::NoPlatform(id.to_owned()))
    }

    /// The base of the addresses that the platform uses for us; its tool may have a separate host.
    ///
    /// # Errors
    /// The store failed.
    pub async fn address(&self, platform: &PlatformRow) -> Result<PublicUrl, OperatorError> {
        let mut tools = stored(&self.db).await?.into_iter();
        let tool = tools.find(|tool| tool.id == platform.tool_id);
        let host = tool.and_then(|tool| tool.host);
        Ok(self.config.public_url.at(host.as_deref()).into_owned())
    }

    /// Every platform with its last launch, oldest first.
    ///
    /// # Errors
    /// The store failed.
    pub async fn known_platforms(&self) -> Result<Vec<KnownPlatform>, OperatorError> {
        let mut reader = self.db.read().await?;
        let mut known = Vec::new();
        for tool in tools::all(&mut reader.tx()).await? {
            for platform in platforms::of_tool(&mut reader.tx(), tool.id).await? {
                let id = platform.id.clone();
                let visit = platform_visits::of_platform(&mut reader.tx(), id).await?;
                known.push(KnownPlatform { platform, visit });
            }
        }
        Ok(known)
    }

    /// A platform's last launch, if one was recorded.
    ///
    /// # Errors
    /// The store failed.
    pub async fn visit(
        &self,
        platform: &PlatformRow,
    ) -> Result<Option<PlatformVisit>, OperatorError> {
        let id = platform.id.clone();
        Ok(platform_visits::of_platform(&mut self.db.read().await?.tx(), id).await?)
    }

    /// A platform's deployments.
    ///
    /// # Errors
    /// The store failed.
    pub async fn deployments(
        &self,
        platform: &PlatformRow,
    ) -> Result<Vec<Deployment>, OperatorError> {
        let mut reader = self.db.read().await?;
        Ok(deployments::of_platform(&mut reader.tx(), platform.id.clone()).await?)
    }

    /// How many scores for a platform are not delivered yet.
    ///
    /// # Errors
    /// The store failed.
    pub async fn undelivered(&self, platform: &PlatformRow) -> Result<i64, OperatorError> {
        let mut reader = self.db.read().await?;
        Ok(deliveries::undelivered(&mut reader.tx(), &platform.id).await?)
    }

    /// Lets a platform launch, including its pending deployments, or stops it. Returns it in its
    /// new state.
    ///
    /// # Errors
    /// There is no such platform, or the store failed.
    pub async fn switch(&self, id: &str, active: bool) -> Result<PlatformRow, OperatorError> {
        let platform = self.platform(id).await?;
        let (events, now) = (self.events.clone(), self.clock.now_ms());
        let to = Switch {
            tool_id: platform.tool_id.clone(),
            platform_id: platform.id.clone(),
            active,
        };
        let switched = self.db.write_or_repeat(move |mut tx| {
            let (events, to) = (events.clone(), to.clone());
            Box::pin(async move { switch(&mut tx, &events, to, now).await })
        });
        let (command, action) = match active {
            true => ("platforms activate", AuditAction::PlatformActivated),
            false => ("platforms deactivate", AuditAction::PlatformDeactivated),
        };
        let (tool_id, id) = (&*platform.tool_id, &*platform.id);
        let switching = async {
            if !switched.await? {
                return Err(OperatorError::NoPlatform(id.to_owned()));
            }
            let entry = done(tool_id, action, id).named(&*platform.name);
            Ok::<_, OperatorError>(((), vec![entry]))
        };
        self.noted(command, tool_id, id, switching).await?;
        finish(&self.db, id).await?;
        Ok(PlatformRow { active, ..platform })
    }

    /// Removes a platform with its deployments and our keys for it. It is stopped first; if this is
    /// interrupted, call it again.
    ///
    /// # Errors
    /// It is gone already, or the store failed.
    pub async fn remove(&self, platform: &PlatformRow) -> Result<(), OperatorError> {
        let (tool_id, id) = (&*platform.tool_id, &*platform.id);
        let removing = async {
            if !self.remove_all(platform).await? {
                return Err(OperatorError::NoPlatform(id.to_owned()));
            }
            let entry = done(tool_id, AuditAction::PlatformDeleted, id);
            Ok::<_, OperatorError>(((), vec![entry.named(&*platform.name)]))
        };
        self.noted("platforms remove", tool_id, id, removing).await
    }

    /// Stops a platform and removes everything of it; false if it is gone already.
    async fn remove_all(&self, platform: &PlatformRow) -> Result<bool, StoreError> {
        let now = self.clock.now_ms();
        let (tool_id, id) = (platform.tool_id.clone(), platform.id.clone());
        let stop = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { platforms::set_active(&mut tx, tool_id, id, false, now).await })
        });
        stop.await?;
        removal::remove_children(&self.db, &platform.id).await?;
        removal::remove_scores(&self.db, &platform.id, i64::MAX).await?;
        let (tool_id, id) = (platform.tool_id.clone(), platform.id.clone());
        let removed = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { removal::remove(&mut tx, tool_id, id).await })
        });
        removed.await
    }
}

//! A place in a platform where an application may act: a course and a link, with the addresses of
//! its services.

use lti::claims::scope::CONTEXT_GROUP_READONLY;
use lti::claims::{GradeService, GroupService};
use serde::{Deserialize, Serialize};
use url::Url;

use super::facts::Facts;
use crate::kit::id::id_from;
use crate::kit::seal;

/// A place, and the services offered by launches from there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ServicePlace {
    /// Our id for the platform.
    pub platform_id: String,
    /// The platform's id for the deployment that the launch came from.
    pub deployment_id: String,
    /// The course.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context_id: Option<String>,
    /// The link that was opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_link_id: Option<String>,
    /// Line items and scores, if a launch offered them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grades: Option<GradeAddresses>,
    /// The address of the member list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memberships: Option<String>,
    /// The course's groups, if a launch offered them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<GroupAddresses>,
    /// The launches that these three come from; absent in rows of older versions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<LaunchTimes>,
}

/// The times of the launches that the addresses of each service come from, in milliseconds
/// since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct LaunchTimes {
    /// The launch that [`ServicePlace::grades`] comes from.
    pub grades: i64,
    /// The launch that [`ServicePlace::memberships`] comes from.
    pub memberships: i64,
    /// The launch that [`ServicePlace::groups`] comes from.
    pub groups: i64,
}

impl LaunchTimes {
    /// All three from one launch.
    pub(crate) const fn at(launched: i64) -> Self {
        Self {
            grades: launched,
            memberships: launched,
            groups: launched,
        }
    }

    /// Without times that are in the future.
    fn up_to(self, now_ms: i64) -> Self {
        let known = |told: i64| if told > now_ms { 0 } else { told };
        Self {
            grades: known(self.grades),
            memberships: known(self.memberships),
            groups: known(self.groups),
        }
    }
}

/// Assignment and Grade Services of a place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct GradeAddresses {
    /// The address of the course's line items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line_items: Option<String>,
    /// The link's line item, if it has exactly one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line_item: Option<String>,
    /// The scopes that may be requested.
    pub scopes: Vec<String>,
}

/// Course Groups of a place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct GroupAddresses {
    /// The address of the groups.
    pub groups: String,
    /// The address of the sets they belong to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sets: Option<String>,
}

impl ServicePlace {
    /// The place of a launch, with the services offered there; `launched` is the time of the
    /// launch, in milliseconds since 1970.
    pub(crate) fn of(facts: &Facts, launched: i64) -> Self {
        Self {
            told: Some(LaunchTimes::at(launched)),
            platform_id: facts.platform.id.clone(),
            deployment_id: facts.platform.deployment_id.clone(),
            context_id: facts.context.as_ref().map(|context| context.id.clone()),
            resource_link_id: facts.resource_link.as_ref().map(|link| link.id.clone()),
            grades: facts.grades.as_ref().and_then(GradeAddresses::of),
            memberships: facts
                .roster
                .as_ref()
                .and_then(|roster| address(&roster.context_memberships_url)),
            groups: facts.groups.as_ref().and_then(GroupAddresses::of),
        }
    }

    /// Its id. It is the same for every launch from there, so that a service key can be created
    /// without querying the store.
    pub(crate) fn id(&self) -> String {
        let part = |part: &Option<String>| match part {
            Some(part) => format!("+{part}"),
            None => String::new(),
        };
        id_from(&seal::hash(&[
            "service place",
            &self.platform_id,
            &self.deployment_id,
            &part(&self.context_id),
            &part(&self.resource_link_id),
        ]))
    }

    /// Whether there are any services.
    pub(crate) const fn has_services(&self) -> bool {
        self.grades.is_some() || self.memberships.is_some() || self.groups.is_some()
    }

    /// Every address of its services. Access tokens may be sent to their hosts, and nowhere else
    /// (lti.md F-09).
    pub(crate) fn addresses(&self) -> impl Iterator<Item = &str> {
        let (grades, groups) = (self.grades.as_ref(), self.groups.as_ref());
        let all = [
            self.memberships.as_deref(),
            grades.and_then(|grades| grades.line_items.as_deref()),
            grades.and_then(|grades| grades.line_item.as_deref()),
            groups.map(|groups| groups.groups.as_str()),
            groups.and_then(|groups| groups.sets.as_deref()),
        ];
        all.into_iter().flatten()
    }

    /// Merges what was known before: for each service, the addresses from the newest launch that
    /// had any. Addresses that a launch doesn't mention are kept, because launches from a grading
    /// view or a preview contain fewer (services.md SV-22, grades.md GR-31). The order in which
    /// launches are merged doesn't matter. A launch later than now, in milliseconds since 1970, was
    /// recorded while the clock was ahead: its real time is unknown, so any other counts as newer.
    #[must_use]
    pub(crate) fn merged(mut self, before: &Self, now_ms: i64) -> Self {
        let (own, old) = (
            self.told.unwrap_or_default().up_to(now_ms),
            before.told.unwrap_or_default().up_to(now_ms),
        );
        let mut told = own;
        newest(
            (&mut self.grades, &mut told.grades),
            (&before.grades, old.grades),
        );
        newest(
            (&mut self.memberships, &mut told.memberships),
            (&before.memberships, old.memberships),
        );
        newest(
            (&mut self.groups, &mut told.groups),
            (&before.groups, old.groups),
        );
        self.told = Some(told);
        self
    }

    /// Whether another place has all addresses of this one.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        fn fits<T: PartialEq>(own: &Option<T>, other: &Option<T>) -> bool {
            own.is_none() || own == other
        }
        fits(&self.grades, &other.grades)
            && fits(&self.memberships, &other.memberships)
            && fits(&self.groups, &other.groups)
    }
}

/// Replaces the own value with the earlier known one, unless that is older or absent.
fn newest<T: Clone>((own, told): (&mut Option<T>, &mut i64), (before, old): (&Option<T>, i64)) {
    if before.is_some() && (own.is_none() || *told < old) {
        own.clone_from(before);
        *told = old;
    }
}

impl GradeAddresses {
    /// The addresses of [`Facts::grades`]; `None` if nothing could be done with them, because there
    /// is no address or no scope (lti.md F-21).
    fn of(service: &GradeService) -> Option<Self> {
        let (line_items, line_item) = (service.lineitems.clone(), service.lineitem.clone());
        let usable = line_items.is_some() || line_item.is_some();
        (usable && !service.scope.is_empty()).then(|| Self {
            line_items,
            line_item,
            scopes: service.scope.clone(),
        })
    }
}

impl GroupAddresses {
    /// The addresses as a launch offers them; `None` without an address, or if the platform doesn't
    /// grant the scope for reading groups.
    fn of(service: &GroupService) -> Option<Self> {
        let is_granted = service
            .scope
            .iter()
            .any(|one| one == CONTEXT_GROUP_READONLY);
        Some(Self {
            groups: address(&service.context_groups_url).filter(|_| is_granted)?,
            sets: address(&service.context_group_sets_url),
        })
    }
}

fn address(text: &Option<String>) -> Option<String> {
    let text = text.as_deref().filter(|text| is_address(text));
    text.map(str::to_owned)
}

/// Whether an address could be fetched. Platforms also send empty texts and unresolved variables.
pub(crate) fn is_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use test_case::cases;

    use super::*;

    fn place(link: Option<&str>) -> ServicePlace {
        ServicePlace {
            platform_id: "p".into(),
            deployment_id: "1".into(),
            context_id: Some("2".into()),
            resource_link_id: link.map(str::to_owned),
            ..ServicePlace::default()
        }
    }

    #[test]
    fn an_id_is_of_the_place_and_not_of_its_addresses() {
        let (one, other, none) = (place(Some("1")), place(Some("2")), place(None));
        assert!(
            one.id() != other.id() && one.id() != none.id() && place(Some("")).id() != none.id()
        );
        let moved = ServicePlace {
            memberships: Some("https://lms.example/m".into()),
            ..one.clone()
        };
        assert_eq!(moved.id(), one.id());
        assert!(crate::kit::id::is_id(&one.id()));
    }

    fn told(memberships: Option<&str>, groups: bool, launched: i64) -> ServicePlace {
        ServicePlace {
            memberships: memberships.map(str::to_owned),
            groups: groups.then(GroupAddresses::default),
            told: Some(LaunchTimes::at(launched)),
            ..place(None)
        }
    }

    /// Later than every launch in these tests.
    const NOW: i64 = 10;

    #[cases("GR-31")]
    #[test]
    fn a_launch_taken_while_the_date_was_ahead_counts_as_oldest() {
        let ahead = told(Some("ahead"), true, NOW + 1);
        let right = told(Some("right"), false, NOW);
        let merged = right.clone().merged(&ahead, NOW);
        assert_eq!(merged.memberships.as_deref(), Some("right"));
        assert!(merged.groups.is_some(), "only that launch told any");
        assert!(right.is_within(&merged));
        // Merging it again brings nothing back.
        let again = ahead.merged(&merged, NOW);
        assert_eq!(again.memberships.as_deref(), Some("right"));
    }

    #[cases("GR-31")]
    #[test]
    fn the_newest_address_counts_and_an_absent_one_stays() {
        let launches = [
            told(Some("old"), true, 1),
            told(Some("new"), false, 2),
            told(None, false, 3),
        ];
        for order in [
            [0, 1, 2],
            [0, 2, 1],
            [1, 0, 2],
            [1, 2, 0],
            [2, 0, 1],
            [2, 1, 0],
        ] {
            let merged = order.map(|at| launches[at].clone());
            let merged = merged
                .into_iter()
                .reduce(|before, launch| launch.merged(&before, NOW))
                .unwrap();
            assert_eq!(
                (merged.memberships.as_deref(), merged.groups.is_some()),
                (Some("new"), true),
                "{order:?}"
            );
            for launch in &launches {
                let is_newest = launch.memberships.as_deref() != Some("old");
                assert_eq!(launch.is_within(&merged), is_newest, "{order:?}");
            }
        }
        // Data of an unknown launch gives way to any other.
        let unknown = ServicePlace {
            told: None,
            ..told(Some("unknown"), false, 0)
        };
        let merged = told(Some("new"), false, 1).merged(&unknown, NOW);
        assert_eq!(merged.memberships.as_deref(), Some("new"));
    }
}

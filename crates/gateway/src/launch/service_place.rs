//! Where in a platform an application may act: a course and a link, with the addresses of the services there.

use lti::claims::scope::CONTEXT_GROUP_READONLY;
use lti::claims::{GradeService, GroupService};
use serde::{Deserialize, Serialize};
use url::Url;

use super::facts::Facts;
use crate::kit::id::id_from;
use crate::kit::seal;

/// A place, and the services that launches from there have offered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ServicePlace {
    /// Our id of the platform.
    pub platform_id: String,
    /// The platform's id of the deployment that the launch was of.
    pub deployment_id: String,
    /// The course.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context_id: Option<String>,
    /// The link that was opened in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_link_id: Option<String>,
    /// Line items and scores, if the launch offered them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grades: Option<GradeAddresses>,
    /// Where the members are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memberships: Option<String>,
    /// The course's groups, if the launch offered them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<GroupAddresses>,
    /// From which launches the three are; absent in rows of older versions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<ToldPlaces>,
}

/// The times of the launches that the addresses of each service are from, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ToldPlaces {
    /// The launch that [`ServicePlace::grades`] are of.
    pub grades: i64,
    /// The launch that [`ServicePlace::memberships`] is of.
    pub memberships: i64,
    /// The launch that [`ServicePlace::groups`] are of.
    pub groups: i64,
}

impl ToldPlaces {
    /// All three by one launch.
    pub(crate) const fn at(launched: i64) -> Self {
        Self {
            grades: launched,
            memberships: launched,
            groups: launched,
        }
    }

    /// The same without times that are still to come.
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct GradeAddresses {
    /// Where the course's line items are listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line_items: Option<String>,
    /// The one line item of the link, if it has exactly one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line_item: Option<String>,
    /// What may be asked for.
    pub scopes: Vec<String>,
}

/// Course Groups of a place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct GroupAddresses {
    /// Where they are listed.
    pub groups: String,
    /// The sets they are in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sets: Option<String>,
}

impl ServicePlace {
    /// The place of a launch, with the services it offers; `launched` is the launch's time, in milliseconds since 1970.
    pub(crate) fn of(facts: &Facts, launched: i64) -> Self {
        Self {
            told: Some(ToldPlaces::at(launched)),
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

    /// Its id: the same for every launch from there, so that a service key can be made without asking the store.
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

    /// Whether there is anything to act with.
    pub(crate) const fn has_services(&self) -> bool {
        self.grades.is_some() || self.memberships.is_some() || self.groups.is_some()
    }

    /// Every address of its services: access tokens may go to their hosts, and nowhere else (lti.md F-09).
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

    /// With what was known of it before: of each service the addresses of the newest launch that told any. One that a
    /// launch doesn't mention stays, since launches from a grading view or a preview carry fewer (services.md SV-22,
    /// grades.md GR-31). Which of two launches is merged first makes no difference. A launch that is later than now, in
    /// milliseconds since 1970, was taken while the date was ahead: of when it really was nothing is known, and any other
    /// counts as newer.
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

    /// Whether another has all addresses of this one.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        fn fits<T: PartialEq>(own: &Option<T>, other: &Option<T>) -> bool {
            own.is_none() || own == other
        }
        fits(&self.grades, &other.grades)
            && fits(&self.memberships, &other.memberships)
            && fits(&self.groups, &other.groups)
    }
}

/// Takes over what was known before, unless it is older or nothing.
fn newest<T: Clone>((own, told): (&mut Option<T>, &mut i64), (before, old): (&Option<T>, i64)) {
    if before.is_some() && (own.is_none() || *told < old) {
        own.clone_from(before);
        *told = old;
    }
}

impl GradeAddresses {
    /// As a launch offers them; `None` if nothing could be done with them, for want of an address or of any scope
    /// (lti.md F-21).
    pub(crate) fn of(service: &GradeService) -> Option<Self> {
        let (line_items, line_item) = (address(&service.lineitems), address(&service.lineitem));
        let usable = line_items.is_some() || line_item.is_some();
        (usable && !service.scope.is_empty()).then(|| Self {
            line_items,
            line_item,
            scopes: service.scope.clone(),
        })
    }
}

impl GroupAddresses {
    /// As a launch offers them; `None` without an address, or if the platform doesn't grant the scope of reading them.
    pub(crate) fn of(service: &GroupService) -> Option<Self> {
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

/// An address that could be fetched; platforms also send empty texts and variables without a value.
pub(crate) fn address(text: &Option<String>) -> Option<String> {
    let url = Url::parse(text.as_deref()?).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| text.clone())?
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
            told: Some(ToldPlaces::at(launched)),
            ..place(None)
        }
    }

    /// Later than every launch of these tests.
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
        // Read once more, it brings nothing back.
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
        // What is known of no launch gives way to any.
        let unknown = ServicePlace {
            told: None,
            ..told(Some("unknown"), false, 0)
        };
        let merged = told(Some("new"), false, 1).merged(&unknown, NOW);
        assert_eq!(merged.memberships.as_deref(), Some("new"));
    }
}

//! A roster as bytes, before they are sealed: for each member the id, the hash, and each time as
//! its distance from the newest one. Most members take half as much as in JSON, which older
//! versions used.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::kept::{KeptMember, MemberHash, Roster, RosterSource, Snapshot};

/// The first byte; JSON begins with a bracket.
const FORM: u8 = 1;
/// A member's flags.
const LEARNER: u8 = 1;
const CHANGED: u8 = 2;
const REMOVED: u8 = 4;
/// The most bytes that most members need besides their ids.
const BESIDE_ID: usize = 36;

/// Why a stored roster can't be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum UnreadableRoster {
    #[error("the stored roster is not whole")]
    CutOff,
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

impl Snapshot {
    /// Reads the output of [`Self::write`], or that of older versions: JSON, with or without the
    /// source.
    pub(super) fn read(plain: &[u8]) -> Result<Self, UnreadableRoster> {
        type OlderRoster = BTreeMap<Box<str>, OlderKeptMember>;
        let (source, roster): (RosterSource, OlderRoster) = match plain.split_first() {
            Some((&FORM, written)) => {
                return read_whole(written).ok_or(UnreadableRoster::CutOff);
            }
            Some((b'{', _)) => (RosterSource::default(), serde_json::from_slice(plain)?),
            _ => serde_json::from_slice(plain)?,
        };
        let roster = roster.into_iter().map(|(id, kept)| (id, kept.into()));
        Ok(Self {
            source,
            roster: roster.collect(),
        })
    }

    /// Appends the bytes.
    pub(super) fn write(&self, to: &mut Vec<u8>) {
        let newest = self.newest();
        to.push(FORM);
        to.extend_from_slice(&newest.to_le_bytes());
        push_time(to, newest, self.source.whole_at);
        push_text(to, self.source.differences.as_deref().unwrap_or_default());
        push_number(to, self.roster.len() as u64);
        for (id, kept) in &self.roster {
            let flag = |is_set: bool, flag: u8| if is_set { flag } else { 0 };
            push_text(to, id);
            to.extend_from_slice(&kept.hash);
            to.push(
                flag(kept.is_learner, LEARNER)
                    | flag(kept.changed_at.is_some(), CHANGED)
                    | flag(kept.removed_at.is_some(), REMOVED),
            );
            push_time(to, newest, kept.added_at);
            for at in [kept.changed_at, kept.removed_at].into_iter().flatten() {
                push_time(to, newest, at);
            }
        }
    }

    /// The approximate number of bytes.
    pub(super) fn written_length(&self) -> usize {
        let members = self.roster.keys().map(|id| id.len() + BESIDE_ID);
        let differences = self.source.differences.as_ref().map_or(0, String::len);
        64 + differences + members.sum::<usize>()
    }

    /// The newest time in it.
    fn newest(&self) -> i64 {
        let times = self.roster.values().flat_map(|kept| {
            let others = [kept.changed_at, kept.removed_at].into_iter().flatten();
            others.chain([kept.added_at])
        });
        times.chain([self.source.whole_at]).max().unwrap_or(0)
    }
}

fn push_text(to: &mut Vec<u8>, text: &str) {
    push_number(to, text.len() as u64);
    to.extend_from_slice(text.as_bytes());
}

fn push_time(to: &mut Vec<u8>, newest: i64, at: i64) {
    push_number(to, newest.abs_diff(at));
}

/// Seven bits per byte, lowest first; the eighth bit says that there are more.
fn push_number(to: &mut Vec<u8>, mut number: u64) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            to.push(low & 0x7F);
            return;
        }
        to.push(low | 0x80);
    }
}

fn read_whole(written: &[u8]) -> Option<Snapshot> {
    let mut rest = WrittenRoster(written);
    let newest = i64::from_le_bytes(rest.take(8)?.try_into().ok()?);
    let whole_at = rest.time(newest)?;
    let differences = Some(rest.text()?.to_owned()).filter(|url| !url.is_empty());
    let members = rest.number()?;
    let roster = (0..members).map(|_| {
        let id = Box::<str>::from(rest.text()?);
        Some((id, rest.kept(newest)?))
    });
    let roster: Roster = roster.collect::<Option<_>>()?;
    rest.0.is_empty().then_some(Snapshot {
        source: RosterSource {
            differences,
            whole_at,
        },
        roster,
    })
}

/// The remaining bytes.
struct WrittenRoster<'a>(&'a [u8]);

impl<'a> WrittenRoster<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = *self.take(1)?.first()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = usize::try_from(self.number()?).ok()?;
        str::from_utf8(self.take(length)?).ok()
    }

    fn time(&mut self, newest: i64) -> Option<i64> {
        newest.checked_sub_unsigned(self.number()?)
    }

    fn kept(&mut self, newest: i64) -> Option<KeptMember> {
        let hash = self.take(size_of::<MemberHash>())?.try_into().ok()?;
        let flags = *self.take(1)?.first()?;
        let has = |flag: u8| flags & flag != 0;
        Some(KeptMember {
            hash,
            is_learner: has(LEARNER),
            added_at: self.time(newest)?,
            changed_at: match has(CHANGED) {
                true => Some(self.time(newest)?),
                false => None,
            },
            removed_at: match has(REMOVED) {
                true => Some(self.time(newest)?),
                false => None,
            },
            is_seen: false,
        })
    }
}

/// A member as written by older versions.
#[derive(Deserialize)]
struct OlderKeptMember {
    #[serde(rename = "h")]
    hash: String,
    #[serde(rename = "l", default)]
    is_learner: bool,
    #[serde(rename = "a", default)]
    added_at: i64,
    #[serde(rename = "c", default)]
    changed_at: Option<i64>,
    #[serde(rename = "r", default)]
    removed_at: Option<i64>,
}

impl From<OlderKeptMember> for KeptMember {
    fn from(older: OlderKeptMember) -> Self {
        Self {
            hash: older.hash.into_bytes().try_into().unwrap_or_default(),
            is_learner: older.is_learner,
            added_at: older.added_at,
            changed_at: older.changed_at,
            removed_at: older.removed_at,
            is_seen: false,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use test_case::cases;

    use super::super::kept::hash_of;
    use super::*;

    fn kept(added_at: i64, changed_at: Option<i64>, removed_at: Option<i64>) -> KeptMember {
        KeptMember {
            hash: hash_of("what was said"),
            is_learner: changed_at.is_none(),
            added_at,
            changed_at,
            removed_at,
            is_seen: false,
        }
    }

    fn written(snapshot: &Snapshot) -> Vec<u8> {
        let mut written = Vec::new();
        snapshot.write(&mut written);
        written
    }

    #[cases("SV-9")]
    #[test]
    fn a_roster_is_read_as_it_was_written() {
        const NOW: i64 = 1_795_354_440_000;
        let long = "x".repeat(70_000);
        let mut whole = Snapshot::default();
        assert_eq!(Snapshot::read(&written(&whole)).unwrap(), whole);
        for (id, kept) in [
            ("a", kept(NOW, None, None)),
            ("\u{e4}\u{1f600}", kept(NOW - 1, Some(NOW), None)),
            (&*long, kept(1, Some(0), Some(-5))),
            ("", kept(i64::MIN, None, Some(i64::MAX))),
        ] {
            whole.roster.insert(id.into(), kept);
            whole.source = RosterSource {
                differences: Some(format!("https://lms.example/m?since={id}")),
                whole_at: NOW,
            };
            assert_eq!(Snapshot::read(&written(&whole)).unwrap(), whole);
        }
        let bytes = written(&whole);
        for end in 0..200 {
            assert!(Snapshot::read(&bytes[..end]).is_err(), "cut at {end}");
        }
    }

    #[cases("SV-9")]
    #[test]
    fn a_member_takes_few_bytes() {
        const NOW: i64 = 1_795_354_440_000;
        const MONTH: i64 = 30 * 24 * 60 * 60 * 1000;
        let mut whole = Snapshot::default();
        for number in 0..1_000 {
            let kept = kept(NOW - MONTH, Some(NOW), None);
            whole
                .roster
                .insert(format!("student-{number}").into(), kept);
        }
        let length = written(&whole).len();
        assert!(length <= whole.written_length(), "{length}");
        assert!(length < 1_000 * 45, "{length}");
    }

    #[cases("SV-9")]
    #[test]
    fn what_older_versions_wrote_is_read() {
        let hash = String::from_utf8_lossy(&hash_of("what was said")).into_owned();
        let members = format!(
            r#"{{"a": {{"h": "{hash}", "l": true, "a": 1}}, "b": {{"h": "y", "c": 2, "r": 3}}}}"#
        );
        let read = Snapshot::read(members.as_bytes()).unwrap();
        assert_eq!(read.source, RosterSource::default());
        assert_eq!(read.roster["a"], kept(1, None, None));
        let gone = &read.roster["b"];
        assert_eq!((gone.changed_at, gone.removed_at), (Some(2), Some(3)));
        let with_source = format!(r#"[{{"d": "https://lms.example/m", "w": 5}}, {members}]"#);
        let with_source = Snapshot::read(with_source.as_bytes()).unwrap();
        assert_eq!(with_source.source.whole_at, 5);
        assert_eq!(with_source.roster, read.roster);
        for wrong in [&b""[..], b"[]", b"[{}]", b"7", b"\x01"] {
            assert!(Snapshot::read(wrong).is_err(), "{wrong:?}");
        }
    }
}

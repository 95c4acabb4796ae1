//! The launches so far, and how each ended, as far as the LMS can tell.

use std::{collections::VecDeque, fmt};

use jiff::Timestamp;

use super::{Launch, Message};

const KEEP: usize = 100;

/// A launch that was started here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaunchRecord {
    /// The id that its login initiation contains as a hint.
    pub id: String,
    /// When it started.
    pub at: Timestamp,
    /// The tool, by client id.
    pub tool: String,
    /// The person, by id.
    pub user: String,
    /// The course, by id.
    pub course: String,
    /// The resource link, by id; not used for deep linking.
    pub link: String,
    /// The kind of message.
    pub message: Message,
    /// How it ended.
    pub ending: Ending,
    /// The tool's message for the log when it sent the person back: usually the reference of its
    /// trace.
    pub log: String,
}

impl LaunchRecord {
    /// The reference in the tool's message for the log: its last word.
    pub fn reference(&self) -> Option<&str> {
        self.log.split_whitespace().next_back()
    }
}

/// How a launch ended. What happens inside the tool is unknown here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The tool has not sent an authentication request.
    NoRequest,
    /// The authentication request was refused for this reason.
    Refused(String),
    /// The `id_token` was sent to this address.
    Sent(String),
    /// The tool sent the person back, with this message, if any.
    Returned(String),
    /// The tool sent this many content items.
    Chosen(usize),
    /// The tool's deep linking response was invalid.
    NotChosen,
}

impl Ending {
    /// Whether something went wrong.
    pub fn is_bad(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::NotChosen)
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRequest => f.write_str("the tool has not asked for the id_token"),
            Self::Refused(why) => write!(f, "refused: {why}"),
            Self::Sent(to) => write!(f, "id_token sent to {to}"),
            Self::Returned(said) if said.is_empty() => f.write_str("sent back by the tool"),
            Self::Returned(said) => write!(f, "sent back by the tool: {said}"),
            Self::Chosen(1) => f.write_str("one item chosen"),
            Self::Chosen(items) => write!(f, "{items} items chosen"),
            Self::NotChosen => f.write_str("the deep linking response is wrong"),
        }
    }
}

/// The newest launches, oldest first.
#[derive(Default)]
pub(crate) struct History(VecDeque<LaunchRecord>);

impl History {
    pub(crate) fn kept(&self) -> &VecDeque<LaunchRecord> {
        &self.0
    }

    pub(crate) fn begin(&mut self, id: &str, launch: &Launch, at: Timestamp) {
        if self.0.len() == KEEP {
            self.0.pop_front();
        }
        self.0.push_back(LaunchRecord {
            id: id.to_owned(),
            at,
            tool: launch.tool.clone(),
            user: launch.user.clone(),
            course: launch.course.clone(),
            link: launch.link.clone(),
            message: launch.message,
            ending: Ending::NoRequest,
            log: String::new(),
        });
    }

    /// Records how the newest launch of this kind ended, and returns it.
    pub(crate) fn end(
        &mut self,
        ending: Ending,
        is_it: impl Fn(&LaunchRecord) -> bool,
    ) -> Option<&mut LaunchRecord> {
        let begun = self.0.iter_mut().rev().find(|begun| is_it(begun))?;
        begun.ending = ending;
        Some(begun)
    }
}

//! What the platform accepts (E-12). An item that it could not place is refused; an extra that it
//! would ignore is dropped, with a warning.

use std::fmt;

use url::{Origin, Url};

use crate::claims::DeepLinkingSettings;
use crate::content_item::{ContentItem, ItemFault, ItemProblem, ItemType, Problems};
use crate::registration::Family;

/// A platform's request for content. Answers are checked against it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct ContentRequest<'a> {
    /// The settings from the request.
    pub settings: &'a DeepLinkingSettings,
    /// The platform's product family.
    pub family: Family,
    /// The launch URL, for resource links that have none: Blackboard turns those into invalid links
    /// (SV-2).
    pub launch_url: &'a str,
    /// The origins that resource links may point to, so that their launches arrive here.
    pub origins: &'a [Origin],
}

/// Items that the platform accepts.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct AcceptedItems {
    /// The items, ready to send.
    pub items: Vec<ContentItem>,
    /// What was changed, and what will have no effect.
    pub warnings: Vec<Warning>,
}

/// Something the application's developer should know.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// The member, such as `contentItems[0].lineItem`.
    pub at: String,
    /// What the developer should know.
    pub note: Note,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.at, self.note)
    }
}

/// What a [`Warning`] says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Note {
    /// A resource link had no address and was given the tool's.
    #[error(
        "was missing and is now the address of launches: some platforms make no link without one"
    )]
    UrlFilledIn,
    /// A resource link points to a host other than the tool's.
    #[error("leads to another host: launches of this link will not come through here")]
    OtherHost,
    /// The platform doesn't say that it accepts line items (E-12).
    #[error("was left out: the platform does not accept line items here")]
    LineItemLeftOut,
    /// The platform doesn't display content this way.
    #[error("was left out: the platform does not show content that way")]
    PresentationLeftOut,
    /// The platform ignores this member (SV-5).
    #[error("will have no effect: this platform ignores it")]
    Ignored,
    /// A claim of the message itself was passed as an additional claim.
    #[error("was left out: claims of the message can't be replaced")]
    ReservedClaim,
}

/// Members that say how an item wants to be displayed, and the document targets they correspond to.
const PRESENTATIONS: &[(&str, &[&str])] = &[
    // Moodle and older platforms say "frame".
    ("iframe", &["iframe", "frame"]),
    ("window", &["window"]),
    ("embed", &["embed"]),
];

/// What Moodle 4.5 ignores, observed on a running instance.
const MOODLE_IGNORES: &[&str] = &["available", "submission", "thumbnail", "window", "iframe"];

impl<'a> ContentRequest<'a> {
    /// A request from a platform of this product; see the members for the other parameters.
    #[must_use]
    pub const fn new(
        settings: &'a DeepLinkingSettings,
        family: Family,
        launch_url: &'a str,
        origins: &'a [Origin],
    ) -> Self {
        Self {
            settings,
            family,
            launch_url,
            origins,
        }
    }

    /// Checks items against what the platform accepts.
    ///
    /// # Errors
    ///
    /// Everything that the platform would refuse or drop.
    pub fn accept(&self, mut items: Vec<ContentItem>) -> Result<AcceptedItems, Vec<ItemProblem>> {
        let mut problems = Problems::default();
        if items.len() > 1 && self.settings.accept_multiple != Some(true) {
            problems.add("contentItems", ItemFault::OnlyOne(items.len()));
        }
        let mut warnings = Vec::new();
        for (index, item) in items.iter_mut().enumerate() {
            let at = format!("contentItems[{index}]");
            self.refuse(item, &at, &mut problems);
            self.fill_in_url(item, &at, &mut warnings);
            item.carry_handle(|url| self.origins.contains(&url.origin()));
            self.leave_out(item, &at, &mut warnings);
            self.tell_ignored(item, &at, &mut warnings);
        }
        if problems.0.is_empty() {
            Ok(AcceptedItems { items, warnings })
        } else {
            Err(problems.0)
        }
    }

    fn refuse(&self, item: &ContentItem, at: &str, problems: &mut Problems) {
        let types = &self.settings.accept_types;
        if !types.iter().any(|kind| kind == item.kind().name()) {
            let accepted = ItemFault::TypeNotAccepted(types.join(", "));
            problems.add(format!("{at}.type"), accepted);
        }
        let ranges = self.settings.accept_media_types.as_deref();
        if let (ItemType::File, Some(ranges), Some(media)) =
            (item.kind(), ranges, item.text("mediaType"))
            && !is_in_ranges(media, ranges)
        {
            let accepted = ItemFault::MediaTypeNotAccepted(ranges.to_owned());
            problems.add(format!("{at}.mediaType"), accepted);
        }
    }

    fn fill_in_url(&self, item: &mut ContentItem, at: &str, warnings: &mut Vec<Warning>) {
        if *item.kind() != ItemType::ResourceLink {
            return;
        }
        let mut warn = |note| {
            let at = format!("{at}.url");
            warnings.push(Warning { at, note });
        };
        match item.text("url").map(Url::parse) {
            None => {
                item.set_url(self.launch_url);
                warn(Note::UrlFilledIn);
            }
            Some(url) => {
                let is_ours = url.is_ok_and(|url| self.origins.contains(&url.origin()));
                if !is_ours {
                    warn(Note::OtherHost);
                }
            }
        }
    }

    /// Whether a line item that comes with a link creates a gradebook column. A platform that says
    /// nothing may ignore it, but Moodle says nothing and creates one.
    fn takes_line_items(&self) -> bool {
        let said = self.settings.accept_lineitem;
        said.unwrap_or(self.family == Family::Moodle)
    }

    fn leave_out(&self, item: &mut ContentItem, at: &str, warnings: &mut Vec<Warning>) {
        let mut leave_out = |name: &str, note| {
            if item.leave_out(name) {
                let at = format!("{at}.{name}");
                warnings.push(Warning { at, note });
            }
        };
        if !self.takes_line_items() {
            leave_out("lineItem", Note::LineItemLeftOut);
        }
        let targets = &self.settings.accept_presentation_document_targets;
        for (name, means) in PRESENTATIONS {
            let is_shown = targets
                .iter()
                .any(|target| means.contains(&target.as_str()));
            // An empty list counts as no statement.
            if !is_shown && !targets.is_empty() {
                leave_out(name, Note::PresentationLeftOut);
            }
        }
    }

    fn tell_ignored(&self, item: &ContentItem, at: &str, warnings: &mut Vec<Warning>) {
        if self.family != Family::Moodle {
            return;
        }
        let ignored = MOODLE_IGNORES.iter();
        let ignored = ignored.filter(|name| item.members().contains_key(**name));
        warnings.extend(ignored.map(|name| Warning {
            at: format!("{at}.{name}"),
            note: Note::Ignored,
        }));
    }
}

/// Whether a media type matches a comma-separated list in which `*` stands for anything.
fn is_in_ranges(media: &str, ranges: &str) -> bool {
    let bare = |text: &str| {
        let text = text.split(';').next().unwrap_or_default();
        text.trim().to_ascii_lowercase()
    };
    let media = bare(media);
    let mut ranges = ranges
        .split(',')
        .map(bare)
        .filter(|range| !range.is_empty())
        .peekable();
    if ranges.peek().is_none() {
        return true;
    }
    ranges.any(|range| match range.split_once("/*") {
        Some(("*", "")) => true,
        Some((kind, "")) => media.split('/').next() == Some(kind),
        _ => range == media,
    })
}

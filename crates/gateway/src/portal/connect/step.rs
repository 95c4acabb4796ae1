//! A step of the wizard: our sentence with the LMS's labels.

use crate::web::language::Language;
use crate::web::texts::Text;

/// What a step shows to be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CopiedAddress {
    Nothing,
    /// The address for registering the LMS.
    RegistrationUrl,
    /// Our addresses for a registration by hand.
    OurAddresses,
    /// The address for links to lead to.
    LaunchUrl,
    /// The configuration of a Canvas developer key.
    CanvasUrl,
}

/// A label in the LMS.
#[derive(Clone, Copy, Debug)]
pub(super) enum StepLabel {
    /// The LMS's English label; we don't know it in other languages.
    English(&'static str),
    /// The LMS's label in each of our languages.
    Translated(Text),
}

impl StepLabel {
    const fn to(self, language: Language) -> &'static str {
        match self {
            Self::English(label) => label,
            Self::Translated(label) => label.to(language),
        }
    }

    /// Whether it is English on a page in another language.
    fn is_foreign(self, language: Language) -> bool {
        matches!(self, Self::English(_)) && language != Language::English
    }
}

/// A sentence's labels, by the names in its braces.
pub(super) type StepLabels = &'static [(&'static str, StepLabel)];

/// A step with the LMS's own labels.
pub(super) struct LmsStep {
    pub(super) says: Text,
    pub(super) labels: StepLabels,
    pub(super) copied: CopiedAddress,
    /// Whether this step needs the form for a registration by hand.
    pub(super) is_by_hand: bool,
    /// Whether the LMS registers in this step, so that the next one may be for people here.
    pub(super) registers: bool,
    /// Whether this step switches the tool on in the LMS.
    pub(super) switches_on: bool,
}

/// A part of a sentence on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StepPiece {
    pub(super) text: &'static str,
    /// Whether it is a label in the LMS.
    pub(super) is_label: bool,
    /// Whether it is English on a page in another language.
    pub(super) is_foreign: bool,
}

impl LmsStep {
    pub(super) const fn new(says: Text, labels: StepLabels) -> Self {
        Self {
            says,
            labels,
            copied: CopiedAddress::Nothing,
            is_by_hand: false,
            registers: false,
            switches_on: false,
        }
    }

    pub(super) const fn copying(mut self, copied: CopiedAddress) -> Self {
        self.copied = copied;
        self
    }

    pub(super) const fn by_hand(mut self) -> Self {
        self.is_by_hand = true;
        self
    }

    pub(super) const fn registering(mut self) -> Self {
        self.registers = true;
        self
    }

    pub(super) const fn switching_on(mut self) -> Self {
        self.switches_on = true;
        self
    }

    /// The sentence in a language, split at the labels.
    pub(super) fn pieces(&self, language: Language) -> Vec<StepPiece> {
        let ours = |text| StepPiece {
            text,
            is_label: false,
            is_foreign: false,
        };
        let mut pieces = Vec::new();
        let mut rest = self.says.to(language);
        while let Some((before, (name, after))) = rest
            .split_once('{')
            .and_then(|(before, inside)| Some((before, inside.split_once('}')?)))
        {
            pieces.push(ours(before));
            let label = self.labels.iter().find(|(known, _)| *known == name);
            pieces.extend(label.map(|(_, label)| StepPiece {
                text: label.to(language),
                is_label: true,
                is_foreign: label.is_foreign(language),
            }));
            rest = after;
        }
        pieces.push(ours(rest));
        pieces
    }

    /// The sentence in a language, with the labels as plain text.
    pub(super) fn sentence(&self, language: Language) -> String {
        let pieces = self.pieces(language).into_iter();
        pieces.map(|piece| piece.text).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::texts::portal_connect as texts;

    #[test]
    fn labels_are_set_off_and_say_their_language() {
        let step = LmsStep::new(
            texts::STEP_PRESS,
            &[("button", StepLabel::English("Enable & Close"))],
        );
        let labels = |language| {
            let pieces = step.pieces(language).into_iter();
            let labels = pieces.filter(|piece| piece.is_label);
            labels
                .map(|piece| (piece.text, piece.is_foreign))
                .collect::<Vec<_>>()
        };
        assert_eq!(labels(Language::German), [("Enable & Close", true)]);
        assert_eq!(labels(Language::English), [("Enable & Close", false)]);
        assert_eq!(
            step.sentence(Language::English),
            "Press “Enable & Close” for the tool when it shows up."
        );
        let step = LmsStep::new(
            texts::STEP_PRESS,
            &[("button", StepLabel::Translated(texts::MOODLE_ACTIVATE))],
        );
        let said = step.sentence(Language::Spanish);
        assert_eq!(said, "Pulse “Activar” en la herramienta cuando aparezca.");
    }
}

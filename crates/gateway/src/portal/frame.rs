//! What surrounds every page: the header, the navigation according to the role, and the message
//! from the previous page.

use std::borrow::Borrow;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use store::StoreError;

use super::assets;
use super::cookies::KeptSlot;
use super::flash::PortalFlash;
use super::icons;
use super::kept::KeptForm;
use super::look::PortalLook;
use super::people::person::Person;
use super::people::rights::{
    Anyone, OfAudit, OfDeliveries, OfFailures, OfKeys, OfPlatforms, OfSettings, OfStudents,
    OfTools, OfUsage, OfUsers, Right,
};
use super::people::role::Role;
use super::room::Portal;
use super::waiting::Waiting;
use crate::kit::clock::iso;
use crate::web::language::Language;
use crate::web::texts::{
    Phrase, Text, portal as words, portal_keys as key_texts, portal_tools as tools_texts,
};

/// A page in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nav {
    Home,
    Platforms,
    Failures,
    Deliveries,
    People,
    Paths,
    Tool,
    Keys,
    Users,
    Usage,
    Audit,
    /// The API's document as a page, which is not one of the portal's.
    Api,
    /// The installation's tools, for owners of the first one.
    Tools,
    /// The person's own account, linked from their name.
    Account,
    /// A page that is not in the navigation.
    Nowhere,
}

/// Where the search field at the top of every page leads.
const SEARCH: Option<&str> = Some("/portal/find");

impl Nav {
    /// The upper part; the others are under "Set up".
    const ABOVE: [Self; 6] = [
        Self::Home,
        Self::Platforms,
        Self::Failures,
        Self::Deliveries,
        Self::People,
        Self::Paths,
    ];
    const BELOW: [Self; 7] = [
        Self::Tool,
        Self::Keys,
        Self::Users,
        Self::Usage,
        Self::Audit,
        Self::Api,
        Self::Tools,
    ];

    /// Its address; `None` for no page.
    pub(crate) const fn address(self) -> Option<&'static str> {
        match self {
            Self::Home => Some("/portal"),
            Self::Users => Some("/portal/users"),
            Self::Audit => Some("/portal/audit"),
            Self::Account => Some("/portal/account"),
            Self::Platforms => Some("/portal/platforms"),
            Self::Failures => Some("/portal/failures"),
            Self::People => Some("/portal/people"),
            Self::Paths => Some("/portal/paths"),
            Self::Tool => Some("/portal/settings"),
            Self::Keys => Some("/portal/keys"),
            Self::Deliveries => Some("/portal/deliveries"),
            Self::Usage => Some("/portal/usage"),
            Self::Api => Some("/docs"),
            Self::Tools => Some("/portal/tools"),
            Self::Nowhere => None,
        }
    }

    const fn title(self) -> Text {
        match self {
            Self::Home => words::HOME,
            Self::Platforms => words::PLATFORMS,
            Self::Failures => words::FAILURES,
            Self::Deliveries => words::DELIVERIES,
            Self::People => words::PEOPLE,
            Self::Paths => words::PATHS,
            Self::Tool => words::TOOL,
            Self::Keys => key_texts::TITLE,
            Self::Users => words::USERS,
            Self::Usage => words::USAGE,
            Self::Audit => words::AUDIT,
            Self::Api => words::API,
            Self::Tools => tools_texts::TITLE,
            Self::Account | Self::Nowhere => words::ACCOUNT,
        }
    }

    const fn icon(self) -> &'static str {
        match self {
            Self::Home => icons::HOME,
            Self::Platforms => icons::PLATFORMS,
            Self::Failures => icons::FAILURES,
            Self::Deliveries => icons::DELIVERIES,
            Self::People | Self::Account | Self::Nowhere => icons::PEOPLE,
            Self::Paths => icons::PATHS,
            Self::Tool => icons::TOOL,
            Self::Keys => icons::KEYS,
            Self::Users => icons::USERS,
            Self::Usage => icons::USAGE,
            Self::Audit => icons::AUDIT,
            Self::Api => icons::API,
            Self::Tools => icons::TOOLS,
        }
    }

    /// Roles that see the link.
    const fn readers(self) -> &'static [Role] {
        match self {
            Self::Home | Self::Account | Self::Api | Self::Nowhere => Anyone::READ,
            Self::Platforms => OfPlatforms::READ,
            Self::Failures => OfFailures::READ,
            Self::Deliveries => OfDeliveries::READ,
            Self::People | Self::Paths => OfStudents::READ,
            Self::Tool => OfSettings::READ,
            Self::Keys => OfKeys::READ,
            Self::Users => OfUsers::READ,
            Self::Usage => OfUsage::READ,
            Self::Audit => OfAudit::READ,
            Self::Tools => OfTools::READ,
        }
    }
}

/// A link in the navigation.
#[derive(Clone, Debug)]
pub(crate) struct NavLine {
    pub(crate) address: &'static str,
    pub(crate) label: &'static str,
    /// The content of its icon, as SVG.
    pub(crate) icon: &'static str,
    pub(crate) is_current: bool,
    /// The number of things waiting there.
    pub(crate) count: usize,
}

/// What every page template needs, as `frame`.
#[derive(Clone, Debug)]
pub(crate) struct PortalFrame {
    pub(crate) language: Language,
    /// The page's name.
    pub(crate) title: String,
    /// The tool's name.
    pub(crate) tool: String,
    /// How the tool's pages look.
    pub(crate) look: PortalLook,
    /// Name and role of the signed-in user.
    pub(crate) user: String,
    /// The number of things waiting.
    pub(crate) waiting: usize,
    pub(crate) above: Vec<NavLine>,
    pub(crate) below: Vec<NavLine>,
    pub(crate) account: NavLine,
    /// Where the search field leads.
    pub(crate) search: Option<&'static str>,
    /// What the field finds for the user.
    pub(crate) search_label: &'static str,
    /// The message from the previous page.
    pub(crate) flash: Option<PortalFlash>,
    /// The cookie with what was kept, if the page fills it in, so that it is spent.
    pub(crate) spends_kept: Option<KeptSlot>,
    /// The token that forms carry.
    pub(crate) token: String,
    /// Milliseconds since 1970.
    pub(crate) now: i64,
}

impl PortalFrame {
    /// A text in the page's language. Accepts values and references, for the templates'
    /// convenience.
    pub(crate) fn say(&self, text: impl Borrow<Text>) -> &'static str {
        text.borrow().to(self.language)
    }

    /// A text with values, in the page's language.
    pub(crate) fn phrase(&self, phrase: impl Borrow<Phrase>) -> String {
        phrase.borrow().to(self.language).into_owned()
    }

    /// The hidden field that each form with `method="post"` needs: insert it with `|safe`.
    pub(crate) fn token_field(&self) -> String {
        let token = &self.token;
        format!(r#"<input type="hidden" name="token" value="{token}">"#)
    }

    /// A time for people: insert it with `|safe`.
    pub(crate) fn time(&self, ms: impl Borrow<i64>) -> String {
        let ms = *ms.borrow();
        let (exact, words) = (iso(ms), self.when(ms));
        format!(r#"<time datetime="{exact}">{words}</time>"#)
    }

    /// A time in words: how long ago, or in how long, within a day; otherwise the date.
    pub(crate) fn when(&self, ms: impl Borrow<i64>) -> String {
        let ms = *ms.borrow();
        when(self.language, ms, self.now)
    }

    /// Whether the previous page refused this field.
    pub(crate) fn is_wrong(&self, field: &str) -> bool {
        let flash = self.flash.as_ref();
        flash.and_then(|flash| flash.field.as_deref()) == Some(field)
    }

    /// The address of the style sheet.
    pub(crate) fn style(&self) -> &'static str {
        assets::style()
    }

    /// The address of the icon.
    pub(crate) fn icon(&self) -> &'static str {
        assets::icon()
    }

    /// The address of the script.
    pub(crate) fn script(&self) -> &'static str {
        assets::script()
    }
}

const MINUTE_MS: i64 = 60 * 1000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

fn when(language: Language, ms: i64, now: i64) -> String {
    let say = |one: Text, many: Text, number: i64| match number {
        1 => one.to(language).to_owned(),
        _ => many
            .with("number", number.to_string())
            .to(language)
            .into_owned(),
    };
    match now - ms {
        0..MINUTE_MS => words::JUST_NOW.to(language).to_owned(),
        past @ MINUTE_MS..HOUR_MS => say(words::MINUTE_AGO, words::MINUTES_AGO, past / MINUTE_MS),
        past @ HOUR_MS..DAY_MS => say(words::HOUR_AGO, words::HOURS_AGO, past / HOUR_MS),
        past if past >= DAY_MS => date(ms),
        ahead if ahead > -HOUR_MS => {
            let minutes = (-ahead).div_euclid(MINUTE_MS) + 1;
            say(words::IN_A_MINUTE, words::IN_MINUTES, minutes)
        }
        ahead if ahead > -2 * DAY_MS => {
            say(words::IN_AN_HOUR, words::IN_HOURS, nearest(-ahead, HOUR_MS))
        }
        // Never one.
        ahead => say(words::IN_DAYS, words::IN_DAYS, nearest(-ahead, DAY_MS)),
    }
}

/// How many of a unit, rounded to the nearest: a moment after it was made, an invitation for seven
/// days still ends in seven.
const fn nearest(ms: i64, unit: i64) -> i64 {
    (ms + unit / 2) / unit
}

/// `2026-11-24 10:36` in UTC, as every page says.
pub(super) fn date(ms: i64) -> String {
    let text = iso(ms);
    let (day, time) = text.split_once('T').unwrap_or((&text, ""));
    let minutes = time.get(..5).unwrap_or_default();
    format!("{day} {minutes}")
}

impl Portal {
    /// The frame of the page with this name.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn frame(
        &self,
        person: &Person,
        current: Nav,
        title: Text,
    ) -> Result<PortalFrame, StoreError> {
        let waiting = self.waiting(&person.tool.id).await?;
        let title = title.to(person.language).to_owned();
        Ok(self.frame_with(person, current, title, &waiting))
    }

    /// The same if what is waiting is known already, or the name isn't one of our texts.
    pub(super) fn frame_with(
        &self,
        person: &Person,
        current: Nav,
        title: String,
        waiting: &Waiting,
    ) -> PortalFrame {
        let language = person.language;
        let waiting = waiting.number();
        let line = |nav: Nav| {
            let count = if nav == Nav::Platforms { waiting } else { 0 };
            nav.address().map(|address| NavLine {
                address,
                label: nav.title().to(language),
                icon: nav.icon(),
                is_current: nav == current,
                count,
            })
        };
        let is_first = self.tools.is_first(&person.tool.id);
        let lines = |all: &[Nav]| -> Vec<NavLine> {
            let may = |nav: &&Nav| nav.readers().contains(&person.role);
            let shown = all.iter().filter(may);
            // Other tools' owners must not know that there are others.
            let shown = shown.filter(|nav| is_first || **nav != Nav::Tools);
            shown.filter_map(|nav| line(*nav)).collect()
        };
        let name = &person.profile.name;
        let search_label = match person.may_read::<OfStudents>() {
            true => words::FIND_WHAT,
            false => words::FIND_NO_STUDENT,
        };
        PortalFrame {
            language,
            title,
            tool: person.tool.name_in(language).to_owned(),
            look: PortalLook::of(&person.tool),
            user: format!("{name}, {}", person.role.title().to(language)),
            waiting,
            above: lines(&Nav::ABOVE),
            below: lines(&Nav::BELOW),
            account: NavLine {
                address: "/portal/account",
                label: words::ACCOUNT.to(language),
                icon: Nav::Account.icon(),
                is_current: current == Nav::Account,
                count: 0,
            },
            search: SEARCH,
            search_label: search_label.to(language),
            flash: person.flash.clone(),
            spends_kept: person.kept.spent(),
            token: person.token.clone(),
            now: self.clock.now_ms(),
        }
    }

    /// Seals a message for the browser to carry to the next page of this session.
    pub(super) fn carry(&self, session_id: &str, flash: &PortalFlash) -> String {
        let flash = flash.to_cookie();
        let sealed = self.own.carried.seal(&flash_of(session_id), &flash);
        URL_SAFE_NO_PAD.encode(sealed)
    }

    /// Reads what [`Self::carry`] wrote.
    pub(super) fn carried(&self, session_id: &str, text: &str) -> Option<PortalFlash> {
        let sealed = URL_SAFE_NO_PAD.decode(text).ok()?;
        let flash = self.own.carried.open(&flash_of(session_id), &sealed).ok()?;
        serde_json::from_slice(&flash).ok()
    }

    /// Seals a form for the browser to carry in this session; `None` if it is too long.
    pub(super) fn keep(&self, session_id: &str, form: &KeptForm) -> Option<String> {
        let form = form.to_cookie()?;
        let sealed = self.own.carried.seal(&kept_of(session_id), &form);
        Some(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Reads what [`Self::keep`] wrote.
    pub(super) fn kept(&self, session_id: &str, text: &str) -> Option<KeptForm> {
        let sealed = URL_SAFE_NO_PAD.decode(text).ok()?;
        let form = self.own.carried.open(&kept_of(session_id), &sealed).ok()?;
        serde_json::from_slice(&form).ok()
    }
}

fn kept_of(session_id: &str) -> String {
    format!("kept/{session_id}")
}

fn flash_of(session_id: &str) -> String {
    format!("done/{session_id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_by_how_far_they_are() {
        let now = 1_795_517_760_000;
        let told = |ago: i64| when(Language::English, now - ago, now);
        assert_eq!(told(0), "just now");
        assert_eq!(told(4 * MINUTE_MS), "4 min ago");
        assert_eq!(told(3 * HOUR_MS), "3 h ago");
        let german = |ago: i64| when(Language::German, now - ago, now);
        assert_eq!(german(MINUTE_MS), "vor einer Minute");
        assert_eq!(german(2 * MINUTE_MS), "vor 2 min");
        assert_eq!(german(HOUR_MS), "vor einer Stunde");
        assert_eq!(german(-HOUR_MS), "in einer Stunde");
        assert_eq!(told(25 * HOUR_MS), date(now - 25 * HOUR_MS));
        assert_eq!(told(-MINUTE_MS / 2), "in 1 min");
        assert_eq!(told(-3 * HOUR_MS), "in 3 h");
        assert_eq!(told(-7 * DAY_MS), "in 7 days");
        assert_eq!(told(-7 * DAY_MS + MINUTE_MS), "in 7 days");
        assert_eq!(told(-3 * HOUR_MS + MINUTE_MS), "in 3 h");
        assert_eq!(date(0), "1970-01-01 00:00");
    }
}

//! Where the fault for a refusal lies, and what to do about it.

/// Where the fault lies. Coarser than the broken rule: just enough to choose a page or a piece of
/// advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The request is incomplete, repeats something, or was made by hand.
    Request,
    /// The request is larger than any real one.
    TooLarge,
    /// It is an LTI 1.0 or 1.1 launch.
    OldVersion,
    /// A valid request sent to the wrong one of the tool's addresses.
    Address,
    /// It is not an LTI 1.3 token at all.
    Malformed,
    /// The key is unknown, or the signature does not match it.
    Key,
    /// The token is for another registration.
    Registration,
    /// The token's algorithm does not suit the registration or the key.
    Algorithm,
    /// The token is too old, or our clock is ahead of the platform's.
    Late,
    /// The platform's clock is ahead of ours.
    Early,
    /// The token belongs to another login.
    Nonce,
    /// The tool was opened from a placement it doesn't support.
    Placement,
    /// Login and token name different deployments.
    Deployment,
    /// The link points elsewhere.
    Link,
    /// The token does not identify a person.
    Anonymous,
    /// A claim is missing or malformed.
    Content,
    /// The platform's return address is not acceptable.
    ReturnAddress,
}

impl Fault {
    /// What the operator of the tool or platform can do about it, in one or two sentences.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Request => {
                "Someone opened the address by hand, or the platform sends a wrong request. Open the tool from a course; \
                 if that fails too, check the tool's URLs in the platform. If they are right, tell its vendor the code."
            }
            Self::TooLarge => {
                "The request is larger than any real one. Look in the platform for a very long link URL, or a custom \
                 parameter with very much in it, such as a course's whole roster."
            }
            Self::OldVersion => {
                "The tool or the link is set up for LTI 1.0 or 1.1 in the platform. Delete it there and add it again as an \
                 LTI 1.3 tool."
            }
            Self::Address => {
                "The tool's addresses are mixed up in the platform. Give it the login URL and the launch and redirect URL \
                 again, each in its own field."
            }
            Self::Malformed | Self::Algorithm => {
                "The platform, or something in between, sends something that isn't an LTI 1.3 launch. Check that the link \
                 is an LTI 1.3 link there; if it is, tell the platform's vendor the code."
            }
            Self::Key => {
                "Compare the platform's key set address in its registration here with the one the platform shows, and \
                 look whether it can be fetched from this server."
            }
            Self::Registration => {
                "Compare issuer and client id of the registration here with those the platform shows for this tool: the \
                 login and the token are for different registrations."
            }
            Self::Late | Self::Early => {
                "Compare the clocks of the platform and of this server, and set both by NTP."
            }
            Self::Nonce => {
                "The token belongs to another login. It can happen once if a browser opens the tool several times. If it \
                 always happens, tell the platform's vendor."
            }
            Self::Placement => {
                "The tool was opened from a placement it doesn't serve. Remove that placement in the platform."
            }
            Self::Deployment => {
                "Login and token name different deployments: look whether the link was copied from another course or \
                 school, and add the tool there again."
            }
            Self::Link => {
                "Check the link's URL in the platform: it must be this service's launch address, and the same at login \
                 and in the token."
            }
            Self::Anonymous => {
                "The launch has no user id. Let the platform share at least the user id with this tool."
            }
            Self::Content => {
                "The platform leaves something out that LTI requires, or sends it in another form. Check the placement \
                 the tool was opened from; if it is an ordinary one, tell the platform's vendor the code."
            }
            Self::ReturnAddress => {
                "The platform's return address is not https. Set the platform's own address to https there."
            }
        }
    }
}

/// Declares an enum of refusals, one row per rule: sentence, code, fault and HTTP status. A rule
/// therefore can't miss any of them.
macro_rules! refusals {
    (
        $(#[$about:meta])*
        pub enum $name:ident {
            $(
                $(#[$row:meta])*
                $variant:ident $(($field:ty))? => $code:literal, $fault:ident, $status:literal;
            )+
        }
    ) => {
        $(#[$about])*
        pub enum $name {
            $($(#[$row])* $variant $(($field))?,)+
        }

        impl $name {
            /// Code and fault of every rule. Several rules may share a code, and then share the
            /// fault too.
            pub const RULES: &'static [(&'static str, $crate::fault::Fault)] =
                &[$(($code, $crate::fault::Fault::$fault)),+];

            /// The stable code of this rule. It is ltijs's code if ltijs has one.
            #[must_use]
            pub const fn code(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $code,)+
                }
            }

            /// Where the fault lies.
            #[must_use]
            pub const fn fault(&self) -> $crate::fault::Fault {
                match self {
                    $(Self::$variant { .. } => $crate::fault::Fault::$fault,)+
                }
            }

            /// The HTTP status of the answer.
            #[must_use]
            pub const fn status(&self) -> u16 {
                match self {
                    $(Self::$variant { .. } => $status,)+
                }
            }
        }
    };
}
pub(crate) use refusals;

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use crate::id_token::Refusal;
    use crate::login::LoginError;

    #[test]
    fn a_missing_or_odd_claim_is_not_called_a_matter_of_clocks() {
        use crate::fault::Fault::{Content, Early, Late};
        for (refusal, fault) in [
            (Refusal::ExpiryMissing, Content),
            (Refusal::ExpiryMalformed, Content),
            (Refusal::IssuedAtMissing, Content),
            (Refusal::IssuedAtMalformed, Content),
            (Refusal::NotBeforeMalformed, Content),
            (Refusal::NonceMissing, Content),
            (Refusal::IssuerMissing, Content),
            (Refusal::AudienceMalformed, Content),
            (Refusal::Expired, Late),
            (Refusal::IssuedInTheFuture, Early),
            (Refusal::TooOld, Late),
            (Refusal::NotYetValid, Early),
        ] {
            assert_eq!(refusal.fault(), fault, "{refusal}");
        }
    }

    #[test]
    fn what_is_too_long_is_not_called_incomplete() {
        let refused = LoginError::TooLong("target_link_uri");
        assert_eq!(refused.fault(), crate::fault::Fault::TooLarge);
        assert!(refused.fault().advice().contains("link URL"));
    }

    #[test]
    fn a_code_stands_for_one_fault() {
        let mut faults = HashMap::new();
        for (code, fault) in Refusal::RULES.iter().chain(LoginError::RULES) {
            assert_eq!(*faults.entry(code).or_insert(fault), fault, "{code}");
        }
        // Every token rule has its own code.
        let codes: Vec<_> = Refusal::RULES.iter().map(|(code, _)| code).collect();
        assert_eq!(
            codes.iter().collect::<std::collections::HashSet<_>>().len(),
            codes.len()
        );
    }
}

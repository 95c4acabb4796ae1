//! What a case id looks like.

use std::collections::BTreeSet;

use syn::punctuated::Punctuated;
use syn::{LitStr, Token};

/// The documents' numbering: `TC-047`, `CB-7`, `B-10`, `STUDYREEL-58` for a case of studyreel.md
/// section 12, `STUDYREEL-S5.3` for item 3 of its section 5.
fn is_id(text: &str) -> bool {
    let Some((family, number)) = text.split_once('-') else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match family {
        "TC" => digits(number) && number.len() == 3,
        "STUDYREEL" => match number.strip_prefix('S') {
            Some(section) => section.split('.').all(digits),
            None => digits(number) && number.len() == 2,
        },
        _ if family.len() == 1 => {
            family.as_bytes()[0].is_ascii_uppercase() && digits(number) && number.len() == 2
        }
        _ => {
            let letters = family.bytes().all(|byte| byte.is_ascii_uppercase());
            letters && !family.is_empty() && digits(number) && number.len() <= 3
        }
    }
}

/// Refuses what is no id, and an id that is given twice.
pub(crate) fn check(ids: &Punctuated<LitStr, Token![,]>) -> syn::Result<()> {
    let mut seen = BTreeSet::new();
    for id in ids {
        let text = id.value();
        if !is_id(&text) {
            let sentence = format!("`{text}` is no case id: write it like TC-047, CB-7 or B-10");
            return Err(syn::Error::new(id.span(), sentence));
        }
        if !seen.insert(text) {
            return Err(syn::Error::new(id.span(), "this id is given twice"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::is_id;

    #[test]
    fn ids_are_numbered_as_in_their_documents() {
        for id in [
            "TC-047",
            "CB-7",
            "B-10",
            "GR-12",
            "STUDYREEL-58",
            "STUDYREEL-S5.3",
        ] {
            assert!(is_id(id), "{id}");
        }
        for text in [
            "",
            "TC",
            &format!("TC-{}", 47),
            &format!("TC-{}", "0047"),
            "tc-047",
            "TC 047",
            "TC-047 ",
            "B-1",
            "b-10",
            "-10",
            "CB-",
            &format!("GR-{}", 1234),
            "STUDYREEL-5",
            "STUDYREEL-S",
            "STUDYREEL-5.3",
        ] {
            assert!(!is_id(text), "{text}");
        }
    }
}

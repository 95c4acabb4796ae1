//! The form, written exactly as applications for LTIAAS expect it: they find it by its id, and some
//! by a pattern that requires `name` and `value` next to each other (ltiaas-api.md §2.3).

/// A form that posts `token` to `target` as soon as it is on a page.
pub(super) fn form(target: &str, token: &str) -> String {
    let (target, token) = (escaped(target), escaped(token));
    format!(
        r#"<form id="ltiaas_dl" style="display: none;" action="{target}" method="POST"><input type="hidden" name="JWT" value="{token}" /></form><script>document.getElementById("ltiaas_dl").submit()</script>"#
    )
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_ltiaas_to_the_letter() {
        assert_eq!(
            form("https://lms.example.com/deep_link_return", "eyJ.a.b"),
            "<form id=\"ltiaas_dl\" style=\"display: none;\" action=\"https://lms.example.com/deep_link_return\" method=\"POST\">\
             <input type=\"hidden\" name=\"JWT\" value=\"eyJ.a.b\" /></form>\
             <script>document.getElementById(\"ltiaas_dl\").submit()</script>"
        );
    }

    #[test]
    fn an_address_stays_inside_its_attribute() {
        let form = form("https://l.test/?a=b&c='\"><script>x</script>", "t");
        assert!(form.contains(
            "action=\"https://l.test/?a=b&amp;c=&#39;&quot;&gt;&lt;script&gt;x&lt;/script&gt;\""
        ));
    }
}

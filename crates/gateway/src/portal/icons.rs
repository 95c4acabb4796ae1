//! The icons in the navigation: line drawings in the text's colour.

pub(super) const HOME: &str = r#"<path d="M2.5 7.3 8 2.8l5.5 4.5v5.9h-4V9.5h-3v3.7h-4z"/>"#;
pub(super) const PLATFORMS: &str =
    r#"<path d="M2 6.3 8 3l6 3.3H2zM3.7 6.5v5.3M12.3 6.5v5.3M6.6 6.5v5.3M9.4 6.5v5.3M2 13h12"/>"#;
pub(super) const FAILURES: &str = r#"<path d="M8 2.6 14.2 13H1.8zM8 6.6v3.1M8 11.2v.1"/>"#;
pub(super) const DELIVERIES: &str =
    r#"<path d="M2.5 9.5v3.7h11V9.5M8 10.3V2.8M5 5.6l3-2.8 3 2.8"/>"#;
pub(super) const PEOPLE: &str =
    r#"<circle cx="8" cy="5.2" r="2.5"/><path d="M2.9 13.4c.5-2.6 2.5-4 5.1-4s4.6 1.4 5.1 4"/>"#;
pub(super) const PATHS: &str = r#"<path d="M3 13.2V9.5h3.3V6.3h3.4V3h3.3"/>"#;
pub(super) const TOOL: &str = r#"<path d="M2.3 5H9M12.4 5h1.3M2.3 11h1.3M7 11h6.7"/><circle cx="10.7" cy="5" r="1.7"/><circle cx="5.3" cy="11" r="1.7"/>"#;
pub(super) const KEYS: &str =
    r#"<circle cx="5.2" cy="10.8" r="2.7"/><path d="m7.2 8.8 6-6M10.6 5.4l2.2 2.2"/>"#;
pub(super) const USERS: &str = r#"<circle cx="5.8" cy="5.6" r="2.1"/><path d="M1.8 12.8c.4-2.2 2-3.4 4-3.4s3.6 1.2 4 3.4M10.2 3.8a2.1 2.1 0 0 1 0 3.6M11.8 9.8c1.2.5 2 1.5 2.4 3"/>"#;
pub(super) const USAGE: &str = r#"<path d="M2.5 13.2h11M4.3 13.2V8.5M8 13.2V3.5M11.7 13.2V6.5"/>"#;
pub(super) const TOOLS: &str = r#"<path d="M2.5 2.5h4.4v4.4H2.5zM9.1 2.5h4.4v4.4H9.1zM2.5 9.1h4.4v4.4H2.5zM9.1 9.1h4.4v4.4H9.1z"/>"#;
pub(super) const AUDIT: &str = r#"<path d="M3 3.8h10M3 8h10M3 12.2h6"/>"#;
pub(super) const API: &str =
    r#"<path d="M5.3 4 1.8 8l3.5 4M10.7 4l3.5 4-3.5 4M9.2 3.2 6.8 12.8"/>"#;

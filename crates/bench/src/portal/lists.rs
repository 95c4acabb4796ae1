//! What owners make themselves: invitations, tools, and settings with long texts.

use serde_json::{Value, json};

use crate::server::Server;

/// Invitations, and tools beside the first.
const MADE: u32 = 60;
/// Messages in the settings.
const MESSAGES: usize = 8;

pub(super) async fn fill(server: &Server) -> anyhow::Result<()> {
    eprintln!("{MADE} invitations and tools");
    for number in 1..=MADE {
        let mail = format!("somebody.called.{number}@mathematics.kestrel-college.example");
        let invited = json!({"email": mail, "role": "support"});
        server
            .admin("POST", "/admin/portal/invitations", &invited)
            .await?;
        let name = format!("Fractions and decimals of school number {number}");
        let tool = json!({"host": format!("127.0.1.{number}"), "settings": {"name": name}});
        server.admin("POST", "/admin/tools", &tool).await?;
    }
    let text = "Fractions and decimals, ".repeat(6);
    let parameters: Value = (1..=4)
        .map(|at| (format!("parameter{at}"), json!(text)))
        .collect();
    let message = json!({
        "type": "LtiResourceLinkRequest", "label": text, "placements": ["course_navigation"],
        "customParameters": parameters,
    });
    let settings = json!({"messages": vec![message; MESSAGES], "customParameters": parameters});
    server.admin("PATCH", "/admin/tool", &settings).await?;
    Ok(())
}

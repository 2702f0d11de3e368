//! What the deployment says of itself: `config.json` and `domains.json` (guest API reference, section 15).

use serde_json::{Value, json};

use crate::{
    attachments::BASE,
    http::{base_of, error},
    output::{HttpAnswer, HttpRequest},
    platform::Platform,
    settings::DisconnectKind,
};

/// The bot's name, as the deployment gives it to pages.
pub(crate) const BOT_NAME: &str = "Robi";

impl Platform {
    pub(crate) fn on_config(&self, id: &str, http: &HttpRequest) -> HttpAnswer {
        if id != self.setup.deployment {
            return error(403, "forbidden", "No such deployment.");
        }
        let config = self.config(http.header("host").unwrap_or_default());
        HttpAnswer::json(200, &config).header("cache-control", "no-cache")
    }

    pub(crate) fn on_domains(&self, id: &str) -> HttpAnswer {
        if id != self.setup.deployment {
            return error(403, "forbidden", "No such deployment.");
        }
        let mut domains = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "[::1]".to_owned()];
        domains.extend(self.setup.access.domains.iter().cloned());
        HttpAnswer::json(200, &json!({"allowAllDomains": false, "allowedDomains": domains}))
            .header("cache-control", "no-cache")
    }

    fn config(&self, host: &str) -> Value {
        let base = base_of(host, self.setup.secure);
        let settings = &self.settings;
        let disconnect = match settings.disconnect {
            DisconnectKind::Off => json!({"enabled": false}),
            DisconnectKind::Send => json!({"enabled": true, "type": "Send"}),
            DisconnectKind::ReadOnly => json!({"enabled": true, "type": "ReadOnly"}),
        };
        json!({
            "id": self.setup.deployment,
            "version": "1",
            "status": if settings.active { "Active" } else { "Inactive" },
            "languages": ["en-us", "de", "fr", "es", "ar"],
            "defaultLanguage": "en-us",
            "apiEndpoint": base,
            "headlessMode": {"enabled": false},
            "customI18nLabels": [],
            "position": {"alignment": "Auto", "sideSpace": 20, "bottomSpace": 12},
            "messenger": {
                "enabled": true,
                "styles": {"primaryColor": "#0165A7"},
                "launcherButton": {"visibility": "On", "displayType": "Icon", "icon": {"url": ""}},
                "homeScreen": {"enabled": false, "logoUrl": ""},
                "sessionPersistenceType": "Auto",
                "fileUpload": self.file_upload(),
                "apps": {
                    "conversations": {
                        "enabled": true,
                        "messagingEndpoint": base.replacen("http", "ws", 1),
                        "showAgentTypingIndicator": settings.agent_typing,
                        "showUserTypingIndicator": settings.user_typing,
                        "autoStart": {"enabled": settings.auto_start},
                        "markdown": {"enabled": settings.markdown},
                        "conversationDisconnect": disconnect,
                        "conversationClear": {"enabled": settings.clear},
                        "humanize": {"enabled": true, "bot": {"name": BOT_NAME, "avatarUrl": format!("{base}{}", bot_avatar())}},
                        "notifications": {"enabled": false, "notificationContentType": "ExcludeMessagesContent"},
                        "sessionDurationSeconds": settings.session_duration_s,
                    },
                    "knowledge": {"enabled": false},
                },
            },
            "journeyEvents": {"enabled": false},
            "cobrowse": {"enabled": false},
            "video": {"enabled": false},
            "supportCenter": {"enabled": false},
            "auth": {"enabled": settings.auth, "allowSessionUpgrade": settings.session_upgrade},
            // Our own extension: the platform itself has no such member.
            "guestMessenger": {"readReceipts": settings.read_receipts},
        })
    }
}

impl Platform {
    /// The switch where sessions say what they take, and lists where they do not (guest API reference, section 10).
    fn file_upload(&self) -> Value {
        let settings = &self.settings;
        let types = if settings.attachments { settings.file_types.as_slice() } else { &[] };
        let modes = json!([{"fileTypes": types, "maxFileSizeKB": settings.file_max_kb}]);
        if settings.files_by_modes {
            json!({"modes": modes})
        } else {
            json!({"enableAttachments": settings.attachments, "modes": modes})
        }
    }
}

fn bot_avatar() -> &'static str {
    "/sandbox/images/bot.png"
}

/// The address of one of the stand-in's own pictures, for content that is kept.
pub(crate) fn image(name: &str) -> String {
    format!("{BASE}/sandbox/images/{name}.png")
}

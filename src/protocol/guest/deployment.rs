//! The deployment's configuration (reference, section 15): lenient, but it must be one.

use super::attachments;
use super::offers;
use crate::protocol::json::Json;
use crate::protocol::retry_after;
use crate::protocol::wire::HttpAnswer;
use crate::session::deployment::Deployment;
use crate::session::files::FileRules;
use crate::session::input::{Failure, PlatformEvent};
use crate::session::time::Now;

/// What www/src/lazy/look.ts reads, with its own name for it where that is another one. It decides nothing, so it is not
/// recorded.
const LOOK: &str = "alignment bottomSpace=bottom customI18nLabels=labels displayType=shows enabled fontFamily=font fontSize=size \
    homeScreen=home icon key language languages launcherButton=launcher localizedLabels=texts logoUrl=logo messenger \
    position primaryColor=color secondaryColor=second sideSpace=side styles url value visibility";

pub(super) fn decode_answer(now: Now, answer: Option<&HttpAnswer>) -> PlatformEvent {
    let failure = match answer {
        None => Failure::Network,
        Some(answer) => match answer.status {
            200..=299 => match answer.body.as_ref().map(decode) {
                Some(Some(deployment)) => return PlatformEvent::DeploymentLoaded(deployment),
                Some(None) => Failure::Malformed,
                // HTML from a captive portal, say.
                None => Failure::Network,
            },
            408 => Failure::Network,
            429 | 503 => Failure::Busy { retry_after_ms: retry_after::decode(answer, now.wall) },
            400..=499 => Failure::Refused,
            _ => Failure::Network,
        },
    };
    PlatformEvent::DeploymentFailed(failure)
}

fn decode(config: &Json) -> Option<Deployment> {
    let messenger = config.get("messenger").filter(|messenger| messenger.is_map())?;
    let conversations = messenger.get("apps").and_then(|apps| apps.get("conversations"));
    let flag = |key: &str| conversations.and_then(|found| found.bool(key)).unwrap_or_default();
    let enabled = |key: &str| {
        let section = conversations.and_then(|found| found.get(key));
        section.and_then(|section| section.bool("enabled")).unwrap_or_default()
    };
    let humanize = conversations.and_then(|found| found.get("humanize"));
    let bot =
        humanize.filter(|humanize| humanize.bool("enabled") == Some(true)).and_then(|humanize| humanize.get("bot"));
    let bot_field = |key| bot.and_then(|bot| bot.owned(key)).filter(|text| !text.is_empty());
    let own = config.get("guestMessenger");
    let auth = |key| config.get("auth").and_then(|auth| auth.bool(key)).unwrap_or_default();
    let uploads = messenger.get("fileUpload");
    // Of older deployments there is no session that says more (section 10).
    let has_switch = uploads.is_some_and(|uploads| uploads.bool("enableAttachments").is_some());
    Some(Deployment {
        is_active: config.text("status") != Some("Inactive") && messenger.bool("enabled") != Some(false),
        sends_typing: flag("showUserTypingIndicator"),
        shows_typing: flag("showAgentTypingIndicator"),
        auto_start: enabled("autoStart"),
        allows_clear: enabled("conversationClear"),
        markdown: enabled("markdown"),
        signs_in: auth("enabled"),
        allows_step_up: auth("allowSessionUpgrade"),
        takes_receipts: own.and_then(|own| own.bool("readReceipts")).unwrap_or_default(),
        bot_name: bot_field("name"),
        bot_avatar: bot_field("avatarUrl"),
        session_rules_files: uploads.and_then(|uploads| uploads.bool("enableAttachments")) == Some(true),
        file_rules: if has_switch { FileRules::default() } else { uploads.map(file_rules).unwrap_or_default() },
        look: offers::translate(config, LOOK).write(),
    })
}

/// All modes together: each names some types and a size.
fn file_rules(uploads: &Json) -> FileRules {
    let mut all = FileRules::default();
    for mode in uploads.list("modes") {
        let rules = attachments::rules(mode, &[]);
        all.types.extend(rules.types);
        all.size_max_kb = all.size_max_kb.max(rules.size_max_kb);
    }
    all
}

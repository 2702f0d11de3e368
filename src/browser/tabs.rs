//! The other tabs of the same conversation, over a BroadcastChannel.

use super::{json, record_text};
use crate::listener::Listener;
use crate::session::input::TabNews;
use crate::session::record::Record;
use crate::session::time::WallTime;
use wasm_bindgen::JsValue;
use web_sys::{BroadcastChannel, MessageEvent};

const MESSAGE_MAX_BYTES: usize = 8192;

/// What another tab said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TabMessage {
    News(TabNews),
    /// A new tab asks for the record.
    Asked,
    /// The answer to such a question.
    Answered(Record),
}

/// Without BroadcastChannel nothing is heard and nothing said.
pub struct Tabs {
    channel: Option<BroadcastChannel>,
    _listener: Option<Listener>,
}

impl Tabs {
    /// `now` tells the time at which an answer arrives, so that an expired record counts for nothing.
    pub fn open(deployment_id: &str, now: fn() -> WallTime, react: impl Fn(TabMessage) + 'static) -> Tabs {
        let channel = BroadcastChannel::new(&["guest-messenger:", deployment_id].concat()).ok();
        let listener = channel.as_ref().map(|channel| {
            Listener::new(channel, "message", move |event: MessageEvent| {
                if let Some(message) = event.data().as_string().and_then(|text| read(&text, now())) {
                    react(message);
                }
            })
        });
        Tabs { channel, _listener: listener }
    }

    pub fn ask(&self) {
        self.post(json::text_of([("kind", "ask".into())]));
    }

    pub fn answer(&self, record: &Record) {
        if let Some(text) = record_text::write(record) {
            self.post(json::text_of([("kind", "record".into()), ("record", text.into())]));
        }
    }

    pub fn share(&self, news: &TabNews) {
        self.post(match news {
            TabNews::Read(mark) => json::text_of([("kind", "read".into()), ("mark", record_text::mark(mark))]),
            TabNews::Cleared => json::text_of([("kind", "cleared".into())]),
        });
    }

    fn post(&self, text: Option<String>) {
        if let (Some(channel), Some(text)) = (&self.channel, text) {
            // Refused only when closed.
            let _ = channel.post_message(&JsValue::from(text));
        }
    }
}

impl Drop for Tabs {
    fn drop(&mut self) {
        if let Some(channel) = &self.channel {
            channel.close();
        }
    }
}

fn read(text: &str, now: WallTime) -> Option<TabMessage> {
    let json = json::parse(text, MESSAGE_MAX_BYTES)?;
    match json.text("kind")? {
        "ask" => Some(TabMessage::Asked),
        "record" => record_text::read(json.text("record")?, now).map(TabMessage::Answered),
        "read" => record_text::read_mark(json.get("mark")?).map(|mark| TabMessage::News(TabNews::Read(mark))),
        "cleared" => Some(TabMessage::News(TabNews::Cleared)),
        _ => None,
    }
}

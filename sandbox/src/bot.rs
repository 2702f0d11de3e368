//! The scripted bot: answers guests until an agent does.

mod showcase;

use serde_json::{Value, json};

use crate::{
    message::{Author, Draft, Kind},
    platform::Platform,
    schedule::Task,
    session::{ConversationKey, State},
};

/// Something that the bot does when its time comes.
#[derive(Debug)]
pub(crate) enum Step {
    Type { duration_ms: u64 },
    Say(Box<Draft>),
    Burst { next: u32, last: u32 },
    Disconnect,
}

/// What a guest can ask for, as `help` lists it.
const COMMANDS: &[(&str, &str)] = &[
    ("quick replies", "answers to choose from"),
    ("card", "a product with buttons"),
    ("carousel", "several cards side by side"),
    ("file", "a picture"),
    ("markdown", "bold, italic, code and links"),
    ("long", "a long text"),
    ("emoji", "emoji and nothing else"),
    ("date picker", "a choice of times"),
    ("list picker", "a choice of things"),
    ("template", "a card of the old kind"),
    ("form", "a few questions"),
    ("typing", "typing, and nothing after it"),
    ("slow", "an answer after six seconds"),
    ("burst 20", "20 messages at once (any number up to 10000)"),
    ("disconnect", "the end of the conversation"),
];

const SLOW_MS: u64 = 6000;
const BURST_MOST: u32 = 10_000;

impl Platform {
    /// The bot hears what a guest said or did, and plans its answer.
    pub(crate) fn bot_hears(&mut self, key: ConversationKey, said: &Draft) {
        if !self.bot_may_speak(key) {
            return;
        }
        let greets = self
            .conversations
            .get_mut(&key)
            .is_some_and(|conversation| !std::mem::replace(&mut conversation.greeted, true));
        if greets {
            self.bot_answers(key, vec![showcase::greeting()]);
        }
        let command = command_of(said);
        if said.kind == Kind::Event || (greets && !is_known(&command)) {
            return;
        }
        self.bot_obeys(key, &command, said);
    }

    fn bot_obeys(&mut self, key: ConversationKey, command: &str, said: &Draft) {
        let pace_ms = self.settings.bot_pace_ms;
        match command {
            "help" => self.bot_answers(key, vec![help()]),
            "quick replies" => self.bot_answers(key, vec![showcase::quick_replies()]),
            "card" => self.bot_answers(key, vec![showcase::card()]),
            "carousel" => self.bot_answers(key, vec![showcase::carousel()]),
            "date" | "date picker" => {
                let picker = showcase::date_picker(self.now_ms);
                self.bot_answers(key, vec![picker]);
            }
            "list" | "list picker" => self.bot_answers(key, vec![showcase::list_picker()]),
            "form" => self.bot_answers(key, vec![showcase::form()]),
            "markdown" => self.bot_answers(key, vec![showcase::markdown()]),
            "template" => self.bot_answers(key, vec![showcase::template()]),
            "emoji" => self.bot_answers(key, vec![Draft::text(Author::Bot, "🎉 👋🏽")]),
            "long" => self.bot_answers(key, vec![showcase::long()]),
            "file" => {
                let id = self.keep_file(Some(key), "parcel.png", "image/png", showcase::PICTURE.to_vec());
                self.bot_answers(key, vec![showcase::file(&id)]);
            }
            "typing" => self.bot_later(key, 100, Step::Type { duration_ms: 5000 }),
            "slow" => {
                self.bot_later(key, 100, Step::Type { duration_ms: 5000 });
                self.bot_later(key, 5000, Step::Type { duration_ms: 2000 });
                let text = Draft::text(Author::Bot, "Sorry for the wait. I was looking that up.");
                self.bot_later(key, SLOW_MS, Step::Say(Box::new(text)));
            }
            "disconnect" => {
                self.bot_answers(key, vec![Draft::text(Author::Bot, "Thanks for talking to me. Bye!")]);
                self.bot_later(key, pace_ms + 300, Step::Disconnect);
            }
            _ => match burst_of(command) {
                Some(last) => self.bot_later(key, pace_ms, Step::Burst { next: 1, last }),
                None => self.bot_answers(key, vec![reply_to(said)]),
            },
        }
    }

    /// Types for a moment, then says these one after the other.
    fn bot_answers(&mut self, key: ConversationKey, drafts: Vec<Draft>) {
        let pace_ms = self.settings.bot_pace_ms;
        if pace_ms > 0 {
            self.bot_later(key, pace_ms / 4, Step::Type { duration_ms: 5000 });
        }
        for draft in drafts {
            self.bot_later(key, pace_ms, Step::Say(Box::new(draft)));
        }
    }

    fn bot_later(&mut self, conversation: ConversationKey, delay_ms: u64, step: Step) {
        self.schedule.add(self.now_ms + delay_ms, Task::Bot { conversation, step });
    }

    pub(crate) fn on_bot_step(&mut self, key: ConversationKey, step: Step) {
        if !self.bot_may_speak(key) {
            return;
        }
        match step {
            Step::Type { duration_ms } => {
                self.type_outbound(key, Author::Bot, json!({"type": "On", "duration": duration_ms}))
            }
            Step::Say(draft) => self.deliver(key, *draft, None),
            Step::Burst { next, last } => {
                for number in next..=last {
                    self.deliver(key, Draft::text(Author::Bot, format!("Message {number} of {last}")), None);
                }
            }
            Step::Disconnect => self.disconnect(key, self.settings.disconnect, Author::Bot),
        }
    }

    fn bot_may_speak(&self, key: ConversationKey) -> bool {
        self.settings.bot
            && self.conversations.get(&key).is_some_and(|conversation| {
                !conversation.agent_active && matches!(conversation.state, State::Live | State::Ended)
            })
    }

    /// A typing event from the bot or an agent. The platform keeps it to itself where the deployment says so.
    pub(crate) fn type_outbound(&mut self, key: ConversationKey, author: Author, typing: Value) {
        if self.settings.agent_typing {
            self.extend_by_typing(key);
            let mut draft = Draft::new(author, Kind::Event);
            draft.events = vec![json!({"eventType": "Typing", "typing": typing})];
            self.deliver_passing(key, draft, None);
        }
    }
}

/// The payload of a tapped button, or the text; in lower case.
fn command_of(said: &Draft) -> String {
    let payload = said.content.iter().find_map(|item| item.pointer("/buttonResponse/payload")?.as_str());
    let text = payload.or(said.text.as_deref()).unwrap_or_default();
    text.trim().to_lowercase().replace('-', " ")
}

fn is_known(command: &str) -> bool {
    matches!(command, "help" | "date" | "list")
        || burst_of(command).is_some()
        || COMMANDS.iter().any(|(name, _)| *name == command)
}

fn burst_of(command: &str) -> Option<u32> {
    let count: u32 = command.strip_prefix("burst")?.trim().parse().ok()?;
    (1..=BURST_MOST).contains(&count).then_some(count)
}

fn help() -> Draft {
    let lines: Vec<String> = COMMANDS.iter().map(|(name, what)| format!("*{name}*: {what}")).collect();
    Draft::text(Author::Bot, format!("I am a scripted bot. Write one of these:\n{}", lines.join("\n")))
}

fn reply_to(said: &Draft) -> Draft {
    let picked: Vec<&str> =
        said.content.iter().filter_map(|item| item.pointer("/buttonResponse/text")?.as_str()).collect();
    let has_file = said.content.iter().any(|item| item.get("attachment").is_some());
    let form: Vec<String> = said
        .content
        .iter()
        .filter_map(|item| item.pointer("/form/response")?.as_array())
        .flatten()
        .filter_map(|answer| {
            let text = answer.pointer("/component/buttonResponse/text")?.as_str()?;
            Some(format!("{}: {text}", answer.get("id")?.as_str()?))
        })
        .collect();
    let answer = if !form.is_empty() {
        format!("I have your answers:\n{}", form.join("\n"))
    } else if has_file {
        "Thank you, I have your file.".to_owned()
    } else if picked.is_empty() {
        let text: String = said.text.as_deref().unwrap_or_default().chars().take(200).collect();
        format!("You wrote: {text}")
    } else {
        format!("You chose: {}", picked.join(", "))
    };
    Draft::text(Author::Bot, answer)
}

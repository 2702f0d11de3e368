//! What a message says, in the words of the product and of no protocol.

use super::ids::ServerId;
use super::redact::Redacted;

/// Who wrote an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Author {
    Guest,
    Agent,
    Bot,
    /// Lines that nobody wrote, such as "the conversation ended".
    System,
}

impl Author {
    /// The word for events and attributes.
    pub fn name(self) -> &'static str {
        match self {
            Author::Guest => "guest",
            Author::Agent => "agent",
            Author::Bot => "bot",
            Author::System => "system",
        }
    }
}

/// How the author is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sender {
    pub name: Option<String>,
    /// Address of a picture, not yet checked against the image policy.
    pub avatar: Option<String>,
}

/// The content of one message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    pub text: Redacted,
    pub items: Vec<Item>,
}

impl Body {
    pub fn text(text: impl Into<String>) -> Body {
        Body { text: Redacted::new(text), items: Vec::new() }
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty() && self.items.is_empty()
    }
}

/// One thing in a message beside its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// Text, payload and picture, as JSON in the view's words (www/src/lazy/replies.ts).
    QuickReply(Redacted),
    Attachment(Attachment),
    Offer(Offer),
    /// The guest's answer to an offer.
    Answer(Answer),
    /// Something that this version cannot show; its name on the wire.
    Unsupported(String),
}

/// A button that answers with a payload, or something else that may be chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The question of a form that this answers; empty elsewhere.
    pub question: String,
    pub text: String,
    pub payload: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attachment {
    pub id: String,
    pub name: String,
    pub url: Option<Redacted>,
    pub size_bytes: Option<u64>,
    pub kind: FileKind,
    /// The MIME type, of one that the page attaches by its address.
    #[cfg(feature = "conversations")]
    pub mime: String,
}

/// How a file may be shown. What can hold script is a file and nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FileKind {
    Image,
    Audio,
    Video,
    #[default]
    File,
}

impl FileKind {
    /// The word for views.
    pub fn name(self) -> &'static str {
        match self {
            FileKind::Image => "image",
            FileKind::Audio => "audio",
            FileKind::Video => "video",
            FileKind::File => "file",
        }
    }
}

/// Which kind of offer is made or answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerKind {
    QuickReply,
    /// A button of a card: more than once, if the guest likes.
    CardButton,
    /// One of several times.
    Time,
    /// Some things of a list.
    List,
    Form,
    Other,
}

impl AnswerKind {
    const ALL: [AnswerKind; 6] = [
        AnswerKind::QuickReply,
        AnswerKind::CardButton,
        AnswerKind::Time,
        AnswerKind::List,
        AnswerKind::Form,
        AnswerKind::Other,
    ];

    /// The word for it where answers are stored or recorded.
    pub fn name(self) -> &'static str {
        match self {
            AnswerKind::QuickReply => "quick_reply",
            AnswerKind::CardButton => "card_button",
            AnswerKind::Time => "time",
            AnswerKind::List => "list",
            AnswerKind::Form => "form",
            AnswerKind::Other => "other",
        }
    }

    pub fn named(name: &str) -> Option<AnswerKind> {
        AnswerKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether one answer is all that there can be.
    pub fn is_final(self) -> bool {
        matches!(self, AnswerKind::Time | AnswerKind::List | AnswerKind::Form)
    }
}

/// Something to choose or to fill in that takes more than buttons: a view of its own shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub kind: AnswerKind,
    pub title: String,
    /// All of it as JSON text, in words that protocol and view share (`protocol/guest/offers.rs`).
    pub data: Redacted,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub kind: AnswerKind,
    /// What the guest is seen to say; may be empty.
    pub text: String,
    /// Several of a list, one for each question of a form, else one.
    pub choices: Vec<Choice>,
    /// The message that made the offer.
    pub to: Option<ServerId>,
    /// What the platform calls the form that is filled in; empty for other offers.
    pub form: String,
}

impl Answer {
    /// The press of a button.
    pub fn press(kind: AnswerKind, choice: Choice, to: Option<ServerId>) -> Answer {
        Answer { kind, text: choice.text.clone(), choices: vec![choice], to, form: String::new() }
    }
}

/// A line of the transcript that nobody wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// An agent or a flow ended the conversation.
    Ended,
}

//! What a recording keeps of frames and answers: the keys that the protocols read, and what each holds.

/// What stands under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// More keys, or a yes or no.
    Tree,
    /// An id, or a word of the protocol.
    Name,
    /// A number or a time, or text that is one.
    Number,
    /// What the platform says of a request that it refuses, and other words of which some have to be kept.
    Refusal,
    /// What people write, and everything else that is nobody's business.
    Text,
}

/// Whose keys they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Keys {
    #[cfg(feature = "guest")]
    #[default]
    Guest,
    #[cfg(feature = "conversations")]
    #[cfg_attr(not(feature = "guest"), default)]
    Conversations,
}

impl Keys {
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) const ALL: &[Keys] = &[
        #[cfg(feature = "guest")]
        Keys::Guest,
        #[cfg(feature = "conversations")]
        Keys::Conversations,
    ];

    /// `None` for a key that is not read. `parent` is the key of the map that this one stands in.
    pub(crate) fn kind_of(self, parent: &str, key: &str) -> Option<Kind> {
        match self {
            #[cfg(feature = "guest")]
            Keys::Guest => super::guest::keys::kind_of(parent, key),
            #[cfg(feature = "conversations")]
            Keys::Conversations => super::conversations::keys::kind_of(parent, key),
        }
    }

    /// What has to be kept of words that have not the form of an id.
    pub(crate) fn word(self, said: &str) -> Option<&'static str> {
        match self {
            #[cfg(feature = "guest")]
            Keys::Guest => super::guest::keys::is_about_clearing(said).then_some(super::guest::keys::CLEARING),
            #[cfg(feature = "conversations")]
            Keys::Conversations => super::conversations::keys::EVENTS.into_iter().find(|event| *event == said),
        }
    }
}

/// Whether this key stands among those of a list in one string, which weighs half of what a match weighs on the page.
pub(crate) fn is_among(keys: &str, key: &str) -> bool {
    keys.as_bytes().split(|byte| *byte == b' ').any(|known| known == key.as_bytes())
}

//! Bugs in how tabs share a line, planted between the engines and the channel, to show that the simulation sees them.

use guest_messenger::engine::{EngineInput, Said, TabMessage};
use guest_messenger::session::ids::TabId;
use guest_messenger::session::input::TabNews;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TabsBug {
    NeverYields,
    NeverAsksAgain,
    SaysNoGoodbye,
    PassesNothingOn,
    SendsTwice,
    SendsForNobody,
    NeverGivesTurns,
    GivesEveryTurnAtOnce,
    TellsNothingOfReading,
    KeepsNothing,
    AdoptsInSilence,
    AdoptsNothing,
}

impl TabsBug {
    pub const ALL: [TabsBug; 12] = [
        TabsBug::NeverYields,
        TabsBug::NeverAsksAgain,
        TabsBug::SaysNoGoodbye,
        TabsBug::PassesNothingOn,
        TabsBug::SendsTwice,
        TabsBug::SendsForNobody,
        TabsBug::NeverGivesTurns,
        TabsBug::GivesEveryTurnAtOnce,
        TabsBug::TellsNothingOfReading,
        TabsBug::KeepsNothing,
        TabsBug::AdoptsInSilence,
        TabsBug::AdoptsNothing,
    ];

    pub fn what(self) -> &'static str {
        match self {
            TabsBug::NeverYields => "tabs: a holder takes no other for one",
            TabsBug::NeverAsksAgain => "tabs: a follower never asks whether the holder lives",
            TabsBug::SaysNoGoodbye => "tabs: a holder that leaves does not say so",
            TabsBug::PassesNothingOn => "tabs: frames are not passed on",
            TabsBug::SendsTwice => "tabs: a follower's frame is sent twice",
            TabsBug::SendsForNobody => "tabs: a follower's frame is not sent",
            TabsBug::NeverGivesTurns => "tabs: nobody else may read history",
            TabsBug::GivesEveryTurnAtOnce => "tabs: history is read past the limit",
            TabsBug::TellsNothingOfReading => "tabs: what is read is not told",
            TabsBug::KeepsNothing => "tabs: unsent messages are not kept",
            TabsBug::AdoptsInSilence => "tabs: who stood still does not hear what was taken over",
            TabsBug::AdoptsNothing => "tabs: what a tab that is gone had not sent is left there",
        }
    }

    /// What the channel carries of this message: how many times.
    pub(super) fn copies_of(self, is_follower: bool, message: &TabMessage) -> u32 {
        let is_swallowed = match (self, &message.said) {
            (TabsBug::SaysNoGoodbye, Said::News(TabNews::Release(_)))
            | (TabsBug::PassesNothingOn, Said::Frame(_))
            | (TabsBug::SendsForNobody, Said::Send { .. })
            | (TabsBug::NeverGivesTurns, Said::News(TabNews::MayReadHistory { .. })) => true,
            (TabsBug::NeverAsksAgain, Said::News(TabNews::Seek)) => is_follower,
            (TabsBug::TellsNothingOfReading, Said::News(news)) => {
                matches!(news, TabNews::Read(_) | TabNews::Known(_) | TabNews::Joined(_))
            }
            _ => false,
        };
        match (self, &message.said) {
            _ if is_swallowed => 0,
            (TabsBug::SendsTwice, Said::Send { .. }) => 2,
            _ => 1,
        }
    }

    /// Whether a tab hears this.
    pub(super) fn lets_hear(self, is_holder: bool, input: &EngineInput) -> bool {
        let EngineInput::Tab(TabMessage { said: Said::News(news), .. }) = input else { return true };
        self != TabsBug::NeverYields || !is_holder || !matches!(news, TabNews::Hold { .. })
    }

    /// A tab that waits for its turn gets it from here.
    pub(super) fn answer_to(self, message: &TabMessage, holder: TabId) -> Option<EngineInput> {
        let (TabsBug::GivesEveryTurnAtOnce, Said::News(TabNews::WantHistory(tab))) = (self, &message.said) else {
            return None;
        };
        let turn = TabNews::MayReadHistory { tab: *tab, by: holder };
        Some(EngineInput::Tab(TabMessage { of: message.of, said: Said::News(turn) }))
    }
}

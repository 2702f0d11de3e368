//! Reading and typing at their edges: what no test noticed when it was broken on purpose (tests/MUTANTS.md).

use guest_messenger::session::input::Command;
use guest_messenger::session::output::Event;

use crate::harness::TestSession;

#[test]
fn a_message_out_of_view_is_not_read_with_the_one_before_it() {
    let mut test = TestSession::live();
    test.agent_says("a", "seen");
    test.agent_says("b", "unseen");
    test.command(Command::InView(vec![test.entry("seen")]));
    test.advance(1_000);
    assert_eq!(test.view().unread, 1);
    let read = test.events.iter().filter(|event| matches!(event, Event::Read { .. })).count();
    assert_eq!(read, 1);
}

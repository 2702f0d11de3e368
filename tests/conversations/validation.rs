//! Section 6: what is checked before any call. The first rule that fails is named.

use crate::world::World;
use guest_messenger::engine::ConversationsSettings;

fn refused(world: &World, text: &str) -> Option<&'static str> {
    world.engine.check_text(text).err().map(|error| error.code)
}

fn refused_file(world: &World, mime: &str, size_bytes: u64) -> Option<&'static str> {
    world.engine.check_attachment(mime, size_bytes).err().map(|error| error.code)
}

#[test]
fn text_may_have_4096_bytes_and_not_one_more() {
    let world = World::usual();
    assert_eq!(refused(&world, &"a".repeat(4_096)), None);
    assert_eq!(refused(&world, &"a".repeat(4_097)), Some("rejected/too-long"));
}

#[test]
fn bytes_are_counted_and_not_characters() {
    let world = World::usual();
    assert_eq!(refused(&world, &"é".repeat(2_048)), None);
    assert_eq!(refused(&world, &"é".repeat(2_049)), Some("rejected/too-long"));
    assert_eq!(refused(&world, &"\u{1f600}".repeat(1_025)), Some("rejected/too-long"));
}

#[test]
fn script_blocks_are_forbidden_unless_the_page_chooses_otherwise() {
    let world = World::usual();
    for text in ["<script>alert(1)</script>", "a <SCRIPT src=\"x\"> b", "<script\n>x</script >", "x</script>"] {
        assert_eq!(refused(&world, text), Some("rejected/content"), "{text}");
    }
    for text in ["the script of the play", "1 < 2 and script > 3", "<scripture>"] {
        assert_eq!(refused(&world, text), None, "{text}");
    }
    let chosen =
        ConversationsSettings { content_policy: vec!["pass*word".to_owned()], ..ConversationsSettings::default() };
    let world = World::live(chosen);
    assert_eq!(refused(&world, "<script>"), None);
    assert_eq!(refused(&world, "my PASS is a Word"), Some("rejected/content"));
}

#[test]
fn files_need_a_type_of_the_list_and_at_most_25_mb() {
    let world = World::usual();
    for mime in ["image/png", "image/jpeg", "application/pdf", "text/plain", "text/plain; charset=utf-8", "IMAGE/PNG"] {
        assert_eq!(refused_file(&world, mime, 25 * 1024 * 1024), None, "{mime}");
        assert_eq!(refused_file(&world, mime, 25 * 1024 * 1024 + 1), Some("rejected/attachment-size"));
    }
    for mime in ["image/svg+xml", "text/html", "", "image/png2"] {
        assert_eq!(refused_file(&world, mime, 1), Some("rejected/attachment-type"), "{mime}");
    }
}

#[test]
fn the_first_rule_that_fails_is_named() {
    let world = World::usual();
    let both = format!("<script>{}", "a".repeat(4_096));
    assert_eq!(refused(&world, &both), Some("rejected/too-long"));
    assert_eq!(refused_file(&world, "text/html", u64::MAX), Some("rejected/attachment-type"));
}

#[test]
fn what_is_refused_makes_no_call_and_nothing_is_cut_off() {
    let mut world = World::usual();
    world.plays_back = false;
    for text in ["", "   ", "<script>", &"a".repeat(5_000)] {
        world.send(text);
    }
    world.advance(10_000);
    assert!(world.made.is_empty() && world.texts().is_empty());
    assert_eq!(
        world.errors(),
        ["misuse/empty-message", "misuse/empty-message", "rejected/content", "rejected/too-long"]
    );
}

use guest_messenger::stored::keeper::Keeper;

/// One whose vault has given out nothing.
fn ready() -> Keeper {
    let mut keeper = Keeper::default();
    keeper.on_loaded("");
    assert!(!keeper.on_draft_saved(0));
    keeper
}

#[test]
fn a_draft_is_saved_at_once_and_the_next_one_when_that_is_done() {
    let mut keeper = ready();
    assert!(keeper.on_draft("a"));
    let number = keeper.draft_number();
    assert!(!keeper.on_draft("ab"), "one is under way");
    assert!(keeper.on_draft_saved(number), "and then the newer one");
    assert!(!keeper.on_draft_saved(keeper.draft_number()));
    assert!(keeper.on_draft("abc"));
}

#[test]
fn nothing_is_saved_before_the_vault_has_given_out_what_it_holds() {
    let mut keeper = Keeper::default();
    assert!(!keeper.on_draft("typed"));
    keeper.on_loaded("before");
    assert_eq!(keeper.kept().draft, "typed", "what was typed goes over what comes back");
    assert!(keeper.on_draft_saved(0));
}

#[test]
fn what_comes_back_is_the_draft_and_need_not_be_saved() {
    let mut keeper = Keeper::default();
    keeper.on_loaded("before");
    assert_eq!(keeper.kept().draft, "before");
    assert!(!keeper.on_draft_saved(0));
}

#[test]
fn a_text_that_is_typed_again_after_another_one_is_another_draft() {
    let mut keeper = ready();
    assert!(keeper.on_draft("yes"));
    let number = keeper.draft_number();
    // The message is sent and kept meanwhile, with an empty draft.
    assert!(!keeper.on_draft(""));
    assert!(!keeper.on_draft("yes"));
    assert!(keeper.on_draft_saved(number), "what the vault holds now is the empty one");
}

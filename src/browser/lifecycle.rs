//! What the browser tells about the page. No `unload` and no `beforeunload`: they cost the back/forward cache.

use crate::listener::Listener;
use crate::session::input::Environment;
use std::rc::Rc;
use web_sys::{Event, PageTransitionEvent, VisibilityState};

/// Tells the state of the page at once, and each change until it is dropped.
pub struct Lifecycle {
    _listeners: Vec<Listener>,
}

impl Lifecycle {
    pub fn watch(react: impl Fn(Environment) + 'static) -> Lifecycle {
        let react = Rc::new(react);
        let mut listeners = Vec::new();
        let Some(window) = web_sys::window() else { return Lifecycle { _listeners: listeners } };
        let mut tell = |target: &web_sys::EventTarget, name, environment| {
            let react = Rc::clone(&react);
            listeners.push(Listener::new(target, name, move |_: Event| react(environment)));
        };
        tell(&window, "online", Environment::Online);
        tell(&window, "offline", Environment::Offline);
        tell(&window, "pagehide", Environment::Leaving);
        if let Some(document) = window.document() {
            // What is frozen hears nothing, and its line is dead when it thaws.
            tell(&document, "freeze", Environment::Leaving);
            tell(&document, "resume", Environment::Resumed);
            listeners.push(watch_visibility(&document, &react));
            react(visibility(&document));
        }
        let restored = Rc::clone(&react);
        listeners.push(Listener::new(&window, "pageshow", move |event: PageTransitionEvent| {
            if event.persisted() {
                restored(Environment::Resumed);
            }
        }));
        if !window.navigator().on_line() {
            react(Environment::Offline);
        }
        Lifecycle { _listeners: listeners }
    }
}

fn watch_visibility(document: &web_sys::Document, react: &Rc<impl Fn(Environment) + 'static>) -> Listener {
    let react = Rc::clone(react);
    let watched = document.clone();
    Listener::new(document, "visibilitychange", move |_: Event| react(visibility(&watched)))
}

fn visibility(document: &web_sys::Document) -> Environment {
    // Not `hidden`: a form field of the page may bear that name.
    if document.visibility_state() == VisibilityState::Hidden { Environment::Hidden } else { Environment::Visible }
}

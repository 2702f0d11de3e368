//! Pickers and forms, put into the words that their views know (www/src/lazy): the wire's names stay here.

use crate::protocol::json::Json;
use crate::session::content::{AnswerKind, Offer};
use crate::session::redact::Redacted;

/// Every key that a view reads, with its own name for it where that is another one. Anything else is left out.
const WORDS: &str = "availableTimes=times buttonLabel=button dateTime=start duration=seconds header id imageUrl=image items \
    multipleSelection=isMultiple receivedMessage=asked replyMessage=replied sections subtitle title";

/// Half a year of mornings and afternoons; more is nobody's intention.
const OFFER_ITEMS_MAX: usize = 400;

pub(super) fn decode(kind: AnswerKind, offer: &Json) -> Offer {
    let shown = [offer.get("receivedMessage"), Some(offer)];
    let title = shown.into_iter().flatten().find_map(|part| part.owned("title"));
    Offer { kind, title: title.unwrap_or_default(), data: Redacted::new(translate(offer).write()) }
}

fn translate(json: &Json) -> Json {
    match json {
        Json::Map(pairs) => {
            let mut known = Vec::new();
            for (key, value) in pairs {
                if let Some(word) = word_for(key) {
                    known.push((word.to_owned(), translate(value)));
                }
            }
            Json::Map(known)
        }
        Json::List(items) => Json::List(items.iter().take(OFFER_ITEMS_MAX).map(translate).collect()),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => json.clone(),
    }
}

fn word_for(key: &str) -> Option<&'static str> {
    for pair in WORDS.split(' ') {
        let word =
            pair.strip_prefix(key).and_then(|rest| if rest.is_empty() { Some(pair) } else { rest.strip_prefix('=') });
        if word.is_some() {
            return word;
        }
    }
    None
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::protocol::guest::keys;
    use crate::protocol::json;

    fn data(offer: &str) -> String {
        decode(AnswerKind::List, &json::parse(offer).unwrap_or(Json::Null)).data.expose().to_owned()
    }

    #[test]
    fn an_offer_is_told_in_the_words_of_the_views_and_without_what_they_do_not_know() {
        let offer = r#"{"title":"T","imageUrl":"u","secret":1,"availableTimes":[{"dateTime":"d","duration":5,"x":{}}],"receivedMessage":null}"#;
        assert_eq!(data(offer), r#"{"times":[{"start":"d","seconds":5}],"image":"u","asked":null,"title":"T"}"#);
    }

    #[test]
    fn an_offer_has_the_title_under_which_it_is_received() {
        let offer = json::parse(r#"{"title":"inner","receivedMessage":{"title":"outer"}}"#).unwrap_or(Json::Null);
        assert_eq!(decode(AnswerKind::List, &offer).title, "outer");
    }

    #[test]
    fn of_more_items_than_anybody_means_four_hundred_are_kept() {
        let items = vec![r#"{"id":"x"}"#; 500].join(",");
        assert_eq!(data(&format!(r#"{{"items":[{items}]}}"#)).matches("\"x\"").count(), OFFER_ITEMS_MAX);
    }

    #[test]
    fn every_key_of_an_offer_is_recorded() {
        for pair in WORDS.split(' ') {
            let key = pair.split('=').next().unwrap_or_default();
            assert!(keys::kind_of("", key).is_some(), "{key:?} is read and not recorded");
        }
    }
}

use crate::support::stage::Stage;
use guest_messenger::session::output::Diff;
use wasm_bindgen_test::wasm_bindgen_test;

fn shown(text: &str) -> Stage {
    let mut stage = Stage::opened();
    stage.receive(text);
    stage.show(&[Diff::Reset]);
    assert_eq!(stage.bubbles(), [text]);
    stage
}

fn links(text: &str) -> u32 {
    shown(text).count("[part=bubble] a")
}

#[wasm_bindgen_test]
fn a_link_opens_elsewhere_and_tells_nothing_of_the_page() {
    let stage = shown("see https://shop.example/a?b=1, ok");
    let link = stage.get("[part=bubble] a");
    let attribute = |name| link.get_attribute(name);
    assert_eq!(link.text_content().as_deref(), Some("https://shop.example/a?b=1"));
    assert_eq!(attribute("href").as_deref(), Some("https://shop.example/a?b=1"));
    assert_eq!(attribute("target").as_deref(), Some("_blank"));
    assert_eq!(attribute("rel").as_deref(), Some("noopener noreferrer nofollow"));
}

#[wasm_bindgen_test]
fn markup_in_a_text_is_text() {
    let text = "<img src=x onerror=alert(1)><b>bold</b> &lt;i&gt; <script>1</script>\n<a href='javascript:1'>";
    let stage = shown(text);
    assert_eq!(stage.count("[part=bubble] *"), 0);
}

#[wasm_bindgen_test]
fn addresses_that_deceive_are_no_links_to_a_browser_either() {
    for text in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//https:",
        "data:text/html,<b>",
        "https://bank.example@evil.example/",
        "https://bank.example:443@evil.example/",
        "https://evil.example/\u{202e}gpj.exe",
        "https://evil\u{200b}.example/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://2130706433/",
        "http:\\\\evil.example",
        "https:///",
    ] {
        assert_eq!(links(text), 0, "{text}");
    }
    assert_eq!(links("http://127.0.0.1:8080/"), 1);
    assert_eq!(links("https://[::1]/"), 1);
}

#[wasm_bindgen_test]
fn a_host_in_look_alike_letters_shows_what_it_is() {
    let mut stage = Stage::opened();
    stage.receive("https://аpple.com/");
    stage.show(&[Diff::Reset]);
    assert_eq!(stage.bubbles(), ["https://xn--pple-43d.com/"]);
}

#[wasm_bindgen_test]
fn an_email_address_is_a_link_to_write_to_it() {
    assert_eq!(shown("ana@shop.example").get("a").get_attribute("href").as_deref(), Some("mailto:ana@shop.example"));
}

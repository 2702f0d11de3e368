// A language that nobody speaks: English with accents, 40 % longer, in brackets. What has none does not come from the words.

const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const accented = "áƀçđéƒğĥíĵķĺɱñóþǫŕšţúṽŵẋýžÁƁÇĐÉƑĞĤÍĴĶĹṀÑÓÞǪŔŠŢÚṼŴẊÝŽ";
const letters = new Map([...plain].map((letter, at) => [letter, [...accented][at]]));

/** The slots stay as they are. */
function disguise(text) {
  const body = text.replace(/\{\w+\}|[a-z]/gi, (part) => letters.get(part) ?? part);
  return `⟦${body}${"~".repeat(Math.ceil(text.length * 0.4))}⟧`;
}

/** The German words that the messenger is about to fetch become disguised English ones. */
export async function pseudo() {
  const { fetch } = window;
  window.fetch = async (input, init) => {
    const address = String(input.url ?? input);
    if (!/\/locales\/de-\w+\.json$/.test(address)) return fetch(input, init);
    const english = await (await fetch(address.replace("/de-", "/en-"), init)).json();
    return Response.json(english.map((word) => (typeof word === "string" ? disguise(word) : word)));
  };
}

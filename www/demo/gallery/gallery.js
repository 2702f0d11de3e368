// All states beside each other, each in a frame of its own: `?state=&scheme=&locale=&width=`.
import { states } from "./states.js";

const languages = ["ar", "cs", "da", "de", "el", "en", "es", "fi", "fr", "he", "hu", "it", "ja", "ko", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sv", "tr", "uk", "zh-CN", "zh-TW"];

const form = document.querySelector("form");
const choices = form.elements;
for (const [name, { title }] of Object.entries(states)) choices.state.add(new Option(title, name));
for (const tag of languages) choices.locale.add(new Option(new Intl.DisplayNames("en", { type: "language" }).of(tag), tag));

for (const [name, value] of new URL(location.href).searchParams) {
  const choice = choices[name];
  if (!choice) continue;
  if (![...choice.options].some((option) => option.value === value)) choice.add(new Option(value, value));
  choice.value = value;
}

function show() {
  const { state, scheme, locale, width } = Object.fromEntries(new FormData(form));
  history.replaceState(null, "", `?${new URLSearchParams({ state, scheme, locale, width })}`);
  const shown = Object.entries(states).filter(([name]) => !state || name === state);
  document.querySelector("main").replaceChildren(...shown.map(([name, { title }]) => figure(name, title, { scheme, locale, width })));
}

function figure(name, title, { scheme, locale, width }) {
  const parameters = new URLSearchParams({ state: name, scheme, ...(locale && { locale }) });
  const frame = document.createElement("iframe");
  frame.title = title;
  frame.loading = "lazy";
  frame.width = width;
  frame.src = `/demo/gallery/state.html?${parameters}`;
  const caption = document.createElement("figcaption");
  caption.textContent = title;
  const figure = document.createElement("figure");
  figure.append(caption, frame);
  return figure;
}

form.addEventListener("change", show);
show();

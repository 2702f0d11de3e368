// The states that the gallery shows, each from fixed data. `history` is there when the visitor comes; `play` then makes the
// state come about; it is there when what `shows` names is to be seen.
import { agent, bot, card, disconnect, guest, live, media, notice, picture, quickReply, refusal, typing } from "./frames.js";
import { hangUp, hurry, now_ms, platform, send, trap } from "./player.js";

const parcel = () => [
  guest(9, "Hello! Where is my parcel? The order is 4711."),
  agent(8, "Hello, this is Mara. It left us this morning and should be with you tomorrow."),
  agent(8, "You can follow it here: https://shop.example/track/4711"),
  guest(2, "Great, thank you!"),
  agent(1, "Gladly. Anything else?"),
];

const teas = [
  { title: "Misty Ridge", description: "Green, first flush. Grass, chestnut, a hint of lime.", image: picture("green"), actions: [{ type: "Link", text: "See the tea", url: "https://shop.example/misty-ridge" }, { type: "Postback", text: "Put it in my basket", payload: "ADD 1" }] },
  { title: "Late Summer", description: "Oolong, lightly roasted. Peach, honey, warm stone.", image: picture("amber"), actions: [{ type: "Postback", text: "Put it in my basket", payload: "ADD 2" }] },
  { title: "Nightfall", description: "Herbal, no caffeine.", actions: [{ type: "Postback", text: "Put it in my basket", payload: "ADD 3" }] },
];

const file = (filename, mime, mediaType, fileSize, url) => ({ contentType: "Attachment", attachment: { id: filename, filename, mime, mediaType, fileSize, url } });

const formPages = () => [
  {
    title: "About you",
    subtitle: "So that we can write to you",
    pageComponents: [
      { formComponentType: "Input", input: { id: "name", title: "Your name", isRequired: true, isMultipleLine: false } },
      { formComponentType: "Input", input: { id: "mail", title: "E-mail", isRequired: true, isMultipleLine: false, keyboardType: "Email" } },
    ],
  },
  { title: "The pot", pageComponents: [{ formComponentType: "DatePicker", datePicker: { id: "day", title: "When did it arrive?" } }] },
];

const long = "I have read your guide to brewing from the first line to the last, and there are a few things that I would like to be sure of before I order. ".repeat(9).trim();

/** Silence, until the visitor's device is on a network again. */
function leaveNetwork() {
  platform.line = "fail";
  platform.http = "hang";
  Object.defineProperty(navigator, "onLine", { get: () => false, configurable: true });
  window.dispatchEvent(new Event("offline"));
  hangUp();
}

const loseLine = (next) => {
  platform.line = next;
  hangUp();
};

export const states = {
  launcher: { title: "Closed", open: false, history: [], shows: "launcher" },
  unread: {
    title: "Unread messages, the newest beside the launcher",
    open: false,
    play: () => {
      send(live(agent(0, "Your parcel has just left the depot.")));
      send(live(agent(0, "It comes between ten and twelve.")));
    },
    shows: "preview",
  },
  welcome: { title: "Nothing said yet", history: [], shows: "welcome" },
  home: {
    title: "The deployment's home screen",
    history: [],
    config: (config) => {
      config.messenger.homeScreen = { enabled: true, logoUrl: picture("leaf") };
      const labels = [{ key: "MessengerHomeHeaderTitle", value: "Fernhill" }, { key: "MessengerHomeHeaderSubTitle", value: "Tea and the things around it" }];
      config.customI18nLabels = [{ language: "en-us", localizedLabels: labels }, { language: "ar", localizedLabels: labels }, { language: "de", localizedLabels: labels }];
    },
    shows: "home-title",
  },
  chatting: { title: "A conversation", shows: "bubble" },
  typing: { title: "Somebody is typing", play: () => send(typing()), shows: "typing" },
  "quick-replies": {
    title: "Quick replies",
    history: () => [...parcel().slice(0, 3), bot(1, "What shall we do next?", quickReply("Change the address"), quickReply("Talk about a return"), quickReply("See more teas", picture("green")), quickReply("No, thanks"))],
    shows: "quick-reply",
  },
  card: { title: "A card", history: () => [guest(2, "Something green, please"), bot(1, "This one is new:", card(teas[0]))], shows: "card" },
  carousel: {
    title: "Several cards",
    history: () => [guest(2, "What do you have?"), bot(1, "Three teas of this season:", { contentType: "Carousel", carousel: { cards: teas } })],
    shows: "card",
  },
  "date-picker": {
    title: "A choice of times",
    history: () => [guest(2, "When can I come to the tasting?"), bot(1, "These times are free:", { contentType: "DatePicker", datePicker: { title: "Tea tasting", subtitle: "In the shop, half an hour", availableTimes: ["16T09:00", "16T10:30", "16T14:00", "17T09:00", "17T16:30"].map((at) => ({ dateTime: `2026-03-${at}:00.000Z`, duration: 1_800 })) } })],
    shows: "offer-slot",
  },
  "list-picker": {
    title: "A choice from lists",
    history: () => [guest(2, "I would like a gift box"), bot(1, "Choose what goes into it:", { contentType: "ListPicker", listPicker: { id: "box", sections: [{ title: "Tea", multipleSelection: true, items: [{ id: "1", title: "Misty Ridge", subtitle: "Green, first flush" }, { id: "2", title: "Late Summer", subtitle: "Oolong" }, { id: "3", title: "Nightfall" }] }, { title: "Wrapping", multipleSelection: false, items: [{ id: "4", title: "Linen" }, { id: "5", title: "Paper" }] }], receivedMessage: { title: "Your gift box", buttonLabel: "Choose" }, replyMessage: { title: "Your choice" } } })],
    shows: "offer-item",
  },
  form: {
    title: "A form",
    history: () => [guest(2, "The lid of my pot is broken"), bot(1, "I am sorry! Tell us what happened.", { contentType: "Form", form: { cannedResponseId: "form", introduction: { title: "A broken pot", subtitle: "It takes a minute.", buttonText: "Begin" }, formPages: formPages(), showSummary: true } })],
    shows: "offer-send",
  },
  "form-page": {
    title: "A page of a form",
    history: () => [guest(2, "The lid of my pot is broken"), bot(1, "I am sorry! Tell us what happened.", { contentType: "Form", form: { cannedResponseId: "form", formPages: formPages() } })],
    play: (stage) => stage.press("offer-send"),
    shows: "offer-page",
  },
  text: {
    title: "Text with marks and links",
    history: () => [agent(3, "*Steep* it for _three_ minutes, ~never five~, at `80 °C`. All of it is in [our guide](https://shop.example/guide), or write to tea@shop.example."), guest(1, "https://shop.example/a-rather-long-address/that-does-not-fit/in-one-line?of=the&panel=at&all=1")],
    shows: "bubble",
  },
  "long-text": { title: "A long text, folded", history: () => [agent(3, "How can I help?"), guest(2, long), agent(1, "One moment, please.")], shows: "more" },
  emoji: { title: "Emoji alone", history: () => [guest(3, "🎉🎉🎉"), agent(2, "👋🏽"), guest(1, "Thank you 🙂")], shows: "bubble" },
  rtl: {
    title: "From the right",
    locale: "ar",
    history: () => [guest(9, "مرحبًا، أين طردي؟ رقم الطلب 4711."), agent(8, "مرحبًا، معك مارا. خرج طردك هذا الصباح ويصلك غدًا."), agent(8, "يمكنك تتبعه هنا: https://shop.example/track/4711"), guest(2, "شكرًا جزيلًا!")],
    shows: "bubble",
  },
  files: {
    title: "Files",
    history: () => [agent(3, "Here is your invoice.", { content: [file("Invoice 4711.pdf", "application/pdf", "File", 84_213, "https://shop.example/invoice.pdf")] }), agent(2, "And this is how it was packed:", { content: [file("parcel.png", "image/png", "Image", 48_213, picture("green"))] })],
    shows: "file",
  },
  recordings: {
    title: "A recording and a film",
    history: () => [
      agent(3, "This is what the kettle should sound like:", { content: [file("kettle.wav", "audio/wav", "Audio", 8_044, media("kettle.wav"))] }),
      guest(2, "Mine does this:", { content: [file("steam.webm", "video/webm", "Video", 4_078, media("steam.webm"))] }),
    ],
    play: (stage) => stage.until(() => ["audio", "video"].every((part) => stage.part(part)?.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA)),
    shows: "video",
  },
  viewer: {
    title: "A picture, large",
    history: () => [agent(2, "And this is how it was packed:", { content: [file("parcel.png", "image/png", "Image", 48_213, picture("green"))] })],
    play: (stage) => stage.press("picture"),
    shows: "viewer",
  },
  uploads: {
    title: "Files to be sent",
    play: (stage) => stage.drop([["Invoice 4711.pdf", "application/pdf", "%PDF-1.7"], ["Nothing.pdf", "application/pdf", ""]]),
    shows: "upload",
  },
  language: {
    title: "The choice of a language",
    play: async (stage) => {
      await stage.press("menu-button");
      await stage.press("menu-item][data-name=language");
    },
    shows: "find-input",
  },
  unsupported: { title: "Something unknown", history: () => [agent(1, "", { content: [{ contentType: "Location", location: { latitude: 1, longitude: 2 } }] })], shows: "message" },
  sending: {
    title: "A message under way",
    play: async (stage) => {
      platform.onMessage = () => [];
      await stage.write("And can I change the address?");
    },
    shows: "message][data-delivery=sending",
  },
  "not-sent": {
    title: "A message that could not be sent",
    play: async (stage) => {
      platform.onMessage = (frame) => [refusal(frame, 4000, "Something went wrong")];
      await stage.write("And can I change the address?");
    },
    shows: "message][data-delivery=failed",
  },
  "too-long": {
    title: "More than fits in one message",
    play: (stage) => stage.type(`${"x".repeat(4_096)}, ah, and one more thing`),
    shows: "limit",
  },
  "new-messages": {
    title: "New messages further down",
    history: () => [...parcel(), ...parcel(), ...parcel()],
    play: async (stage) => {
      stage.part("transcript").scrollTop = 0;
      await stage.frames(2);
      send(live(agent(0, "By the way, it is 20 % off today.")));
    },
    shows: "jump",
  },
  offline: { title: "Without a network", play: leaveNetwork, shows: "banner" },
  reconnecting: { title: "Looking for the line", play: () => loseLine("hang"), shows: "banner" },
  "cannot-connect": {
    title: "The platform cannot be had",
    play: async (stage) => {
      hurry();
      loseLine("fail");
      const first = (await stage.shown("banner")).textContent;
      await stage.until(() => ![first, ""].includes(stage.part("banner").textContent));
    },
    shows: "banner",
  },
  slowed: {
    title: "Too fast",
    play: async (stage) => {
      platform.onMessage = (frame) => [{ type: "response", class: "TooManyRequestsErrorMessage", code: 429, tracingId: frame.tracingId, body: { retryAfter: 30, errorCode: 4029, errorMessage: "Too fast" } }];
      await stage.write("Wait");
    },
    shows: "banner",
  },
  expiring: { title: "About to end", session: { expirationDate: () => Math.floor(now_ms() / 1_000) + 280 }, shows: "stay" },
  "read-only": { title: "Ended, to be read", session: { readOnly: true }, shows: "ended" },
  ended: { title: "Ended by the agent", play: () => send(disconnect(false)), shows: "notice-line" },
  expired: { title: "Expired", play: () => send(notice("SessionExpiredEvent")), shows: "ended" },
  "signed-out": { title: "Signed out", play: () => send(notice("LogoutEvent")), shows: "ended" },
  elsewhere: { title: "In use elsewhere", play: () => send(notice("ConnectionClosedEvent", { reason: "signedIn" })), shows: "ended" },
  unavailable: { title: "Not to be had at all", history: [], http: 404, shows: "ended" },
  crashed: {
    title: "Stopped by a fault of its own",
    play: async (stage) => {
      await stage.type("And can I change the address?");
      trap();
      send(live(agent(0, "Are you there?")));
    },
    shows: "notice",
  },
  menu: { title: "The menu", play: (stage) => stage.press("menu-button"), shows: "menu-item" },
  find: {
    title: "Finding in the conversation",
    play: async (stage) => {
      await stage.press("menu-button");
      await stage.press("menu-item][data-name=find");
      await stage.type("parcel", "find-input");
    },
    shows: "find-count",
  },
  confirm: {
    title: "Are you sure?",
    play: async (stage) => {
      await stage.press("menu-button");
      await stage.press("menu-item][data-name=clear_conversation");
    },
    shows: "confirm",
  },
};

for (const state of Object.values(states)) state.history ??= parcel;

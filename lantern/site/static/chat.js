// A plain chat page for the website channel. Text stays text: nothing from the server is read as HTML.
"use strict";

const log = document.getElementById("log");
const form = document.getElementById("form");
const box = document.getElementById("message");
// lives in memory only: a reload is a new conversation
const sender = crypto.randomUUID ? crypto.randomUUID() : uuidFromRandom();
const PATIENCE_MS = 8000;
const EXIT_URL = "https://www.google.com/search?q=weather";
const HELP_TEXT =
  "I can't answer right now. You are not alone with this. Don't pay and don't send more. Keep the chats as proof. " +
  "Tell an adult you trust. The CyberTipline at the top of this page works without me. " +
  "In danger now, call 911. If you might hurt yourself, call or text 988.";

function uuidFromRandom() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function show(text, who, kind) {
  const turn = document.createElement("div");
  turn.className = `turn ${who}${kind === "crisis" ? " crisis" : ""}`;
  turn.textContent = text;
  log.append(turn);
  turn.scrollIntoView({ block: "start" });
  return turn;
}

function showContact(turn, contact) {
  const tip = document.createElement("span");
  tip.className = "tip";
  const phone = Object.assign(document.createElement("a"), { href: contact.phone_href, textContent: contact.phone });
  const site = Object.assign(document.createElement("a"), {
    href: contact.url, textContent: contact.url.replace("https://", ""), rel: "noreferrer",
  });
  tip.append(`${contact.label}: `, phone, " or ", site);
  turn.append(tip);
}

function showButtons(buttons) {
  const row = document.createElement("div");
  row.className = "choices";
  for (const { title, payload } of buttons) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: title });
    button.addEventListener("click", () => send(payload, title));
    row.append(button);
  }
  log.append(row);
}

function showReplies(replies) {
  for (const reply of replies) {
    const turn = show(reply.text, "bot", reply.custom && reply.custom.kind);
    if (reply.custom && reply.custom.contact) showContact(turn, reply.custom.contact);
    if (reply.buttons) showButtons(reply.buttons);
  }
}

async function ask(message) {
  const answer = await fetch("/webhooks/website/webhook", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ sender, message }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const content = await answer.json();
  if (answer.ok && Array.isArray(content) && content.length) return content;
  if (content.error) return [{ text: content.error.message, custom: { kind: "error", contact: content.contact } }];
  throw new Error("no answer");
}

async function send(message, shown) {
  document.body.classList.add("talking");
  for (const row of log.querySelectorAll(".choices")) row.remove();
  show(shown, "me");
  const waiting = show("…", "bot waiting");
  let replies;
  try {
    replies = await ask(message);
  } catch {
    replies = [{ text: HELP_TEXT, custom: { kind: "error" }, buttons: [{ title: "Try again", payload: message }] }];
  }
  waiting.remove();
  showReplies(replies);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value.trim();
  if (!text) return;
  box.value = "";
  send(text, text);
});

box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

document.getElementById("leave").addEventListener("click", () => {
  log.replaceChildren();
  box.value = "";
  location.replace(EXIT_URL);
});

ask("/greet").then(showReplies, () => showReplies([{ text: HELP_TEXT, custom: { kind: "error" } }]));

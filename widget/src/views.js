// What the parts of the chat look like. Each function gets what it shows and returns a Lit template; none keeps anything.
import { html, nothing, svg } from "lit";
import { contacts, help as helpKeys } from "lantern:knowledge";
import { contactsIn, telephone, withCopies, withLinks, withoutScheme } from "./text.js";
import { fill } from "./words.js";

const byKey = Object.fromEntries(contacts.map((contact) => [contact.key, contact]));
const TIP = byKey.cybertipline;
// the pinned card has room for so many
const MOST_TAPS = 4;

const icon = (paths) => html`<svg viewBox="0 0 24 24" aria-hidden="true">${paths}</svg>`;
export const lanternIcon = icon(svg`<path d="M9 5a3 3 0 0 1 6 0M7 8h10l1 10H6zM5 21h14M12 11c2 2 1.5 4 0 4.5-1.5-.5-2-2.5 0-4.5z"></path>`);
const phoneIcon = icon(svg`<path d="M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 6a2 2 0 0 1 2-2z"></path>`);
const siteIcon = icon(svg`<path d="M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5"></path>`);
const closeIcon = icon(svg`<path d="M6 9l6 6 6-6"></path>`);

/** A link to a number or to another site; the other site opens beside the chat and learns nothing of it. */
function link({ href, text }, className) {
  const aside = href.startsWith("http");
  return html`<a class=${className ?? nothing} href=${href} target=${aside ? "_blank" : nothing} rel=${aside ? "noopener noreferrer" : nothing}>${text}</a>`;
}

export function bar(words, leave) {
  return html`<div class="bar" role="group" aria-label=${words.bar}>
    ${link({ href: TIP.tel, text: html`${phoneIcon}<span><small>${words.call}</small> <b>${TIP.phone}</b></span>` }, "tip")}
    ${link({ href: `https://${TIP.url}`, text: html`${siteIcon}<span><small>${words.report}</small> <b>${TIP.url}</b></span>` }, "tip")}
    <button type="button" class="leave" @click=${leave}>${words.leave}</button>
  </div>`;
}

export function head(words, { helpOpen, floating, toggleHelp, startOver, close }) {
  return html`<div class="head">
    <div class="brand">${lanternIcon}<div><h2>Lantern</h2><p>${words.subtitle}</p></div></div>
    <button type="button" aria-expanded=${helpOpen} @click=${toggleHelp}>${words.help}</button>
    <button type="button" @click=${startOver}>${words.start_over}</button>
    ${floating ? html`<button type="button" class="close" aria-label=${words.close} title=${words.close} @click=${close}>${closeIcon}</button>` : nothing}
  </div>`;
}

/** The ways to reach a contact as links to tap. */
function taps(words, { tel, phone, text, url }, withUrl = true) {
  const digits = text?.match(/\d+/)?.[0];
  const found = [];
  if (tel) found.push({ href: tel, text: fill(words.call_number, { number: phone }) });
  if (digits === text && digits) found.push({ href: `sms:${digits}`, text: fill(words.text_number, { number: digits }) });
  else if (digits) found.push({ href: `sms:${digits}`, text: fill(words.text_word, { number: digits }) });
  if (url && withUrl) found.push({ href: url.includes("://") ? url : `https://${url}`, text: withoutScheme(url) });
  return found;
}

export function crisisCard(words, reply) {
  // 911 and 988 always, then whom the reply names
  const keys = new Set(["emergency", "lifeline_988", ...contactsIn(reply.text).map(({ key }) => key)]);
  keys.delete(TIP.key);
  const people = Array.from(keys, (key) => byKey[key]);
  const links = people.flatMap((contact) => taps(words, contact, false)).slice(0, MOST_TAPS);
  return html`<div class="crisis" role="region" aria-label=${words.crisis}>
    <p>${words.crisis}</p>
    <div class="taps">${links.map((one) => link(one, "tap"))}</div>
  </div>`;
}

export function privacy(words) {
  return html`<div class="privacy">
    <p>${words.privacy}</p>
    <details><summary>${words.hides_title}</summary><p>${words.hides}</p></details>
  </div>`;
}

const linked = (text) => withLinks(text).map((piece) => (piece.href ? link(piece) : piece.text));

/** Plain text as paragraphs and lists: a blank line parts paragraphs, a line that starts with a dot is of a list. */
function paragraphs(text) {
  const blocks = [];
  let apart = true;
  for (const line of text.split("\n").map((one) => one.trim())) {
    const dot = line.startsWith("•");
    const block = blocks[blocks.length - 1];
    if (!line) apart = true;
    else if (block && !apart && block.dot === dot) block.lines.push(line);
    else blocks.push({ dot, tight: !apart, lines: [line] });
    if (line) apart = false;
  }
  return blocks.map(({ dot, tight, lines }) => dot
    ? html`<ul class=${tight ? "dots tight" : "dots"}>${lines.map((line) => html`<li>${linked(line.slice(1).trim())}</li>`)}</ul>`
    : html`<div class=${tight ? "text tight" : "text"}>${linked(lines.join("\n"))}</div>`);
}

function replyText(words, reply, copy) {
  return withCopies(reply.text, reply.copy).map((piece) =>
    piece.copy
      ? html`<div class="copy"><blockquote>${piece.copy}</blockquote>
          <button type="button" @click=${copy} aria-label=${`${words.copy}: ${piece.copy}`}>${words.copy}</button></div>`
      : paragraphs(piece.text),
  );
}

function sources(words, list) {
  const lines = new Map();
  for (const { n, period, section } of list) {
    const where = fill(words.source, { n: n.toLocaleString("en-US"), period });
    lines.set(where, (lines.get(where) ?? new Set()).add(section));
  }
  return html`<details class="sources"><summary>${words.sources}</summary><ul>
    ${Array.from(lines, ([where, sections]) => html`<li>${where}.
      ${Array.from(sections).filter((name) => typeof name === "string").map((name) => html`<br>${fill(words.section, { section: name })}`)}</li>`)}
  </ul></details>`;
}

export function turn(words, one, { pick, copy }) {
  if (one.mine) {
    // not read aloud: the writer knows it
    return html`<div class=${`turn mine ${one.unsent ? "unsent" : ""}`} aria-live="off">
      <div class="bubble"><span class="aside">${words.you} </span><span class="text">${one.text}</span></div>
      ${one.unsent ? html`<p class="note">${words.unsent}</p>` : nothing}
    </div>`;
  }
  return html`<div class=${`turn kind-${one.kind.replace(/\W/g, "")}`} lang="en">
    <div class="bubble"><span class="aside">${words.lantern} </span>${replyText(words, one, copy)}
      ${one.image ? html`<img src=${one.image} alt=${one.alt || words.picture} referrerpolicy="no-referrer">` : nothing}
      ${one.sources?.length ? sources(words, one.sources) : nothing}
      ${one.last ? html`<p class="contact">CyberTipline: ${link({ href: TIP.tel, text: TIP.phone })} ${words.or} ${link({ href: `https://${TIP.url}`, text: TIP.url })}</p>` : nothing}
    </div>
    ${one.buttons.length ? html`<div class="picks" role="group" aria-label=${words.picks}>
      ${one.buttons.map((button) => html`<button type="button" @click=${() => pick(button)}>${button.title}</button>`)}</div>` : nothing}
  </div>`;
}

export function typing() {
  return html`<div class="typing" aria-hidden="true"><i></i><i></i><i></i></div>`;
}

function person(words, name, when, links) {
  return html`<li><b>${when}</b><small>${name}</small><div class="taps">${links.map((one) => link(one, "tap"))}</div></li>`;
}

function atSchool(words, { counselor, lines = [] }) {
  if (!counselor && !lines.length) return nothing;
  const own = (one, detail) => person(words, detail.filter(Boolean).join(", "), one.name,
    taps(words, { ...one, tel: one.phone && telephone(one.phone) }));
  return html`<h4>${words.school}</h4><ul class="people">
    ${counselor ? own(counselor, [counselor.room, counselor.hours]) : nothing}
    ${lines.map((line) => own(line, [line.hours]))}
  </ul>`;
}

export function helpCard(words, { down, kept, school, again }) {
  return html`<div class="help" role="region" aria-label=${words.help_title}>
    <h3 tabindex="-1">${down ? words.down : words.help_title}</h3>
    ${down && kept ? html`<p>${words.kept}</p>` : nothing}
    ${down ? html`<button type="button" class="again" @click=${again}>${words.again}</button>` : nothing}
    <h4>${words.people}</h4>
    <ul class="people">${helpKeys.map((key) => person(words, byKey[key].name === byKey[key].phone ? byKey[key].hours : `${byKey[key].name}, ${byKey[key].hours}`, words.when[key], taps(words, byKey[key])))}</ul>
    ${atSchool(words, school)}
    <h4>${words.steps}</h4>
    <p class="text">${words.lead}</p>
    <ol class="steps">${[...words.core, words.last_step].map((step) => html`<li>${linked(step)}</li>`)}</ol>
  </div>`;
}

export function writing(words, { draft, length, most, focus, submit, input, keydown }) {
  const over = length > most;
  return html`<form @submit=${submit} novalidate>
    <label for="message">${words.message}</label>
    <div class="row">
      <textarea id="message" rows="1" autocomplete="off" spellcheck="false" writingsuggestions="false" enterkeyhint="send"
        aria-describedby="count" aria-invalid=${over} .value=${draft} @focus=${focus} @input=${input} @keydown=${keydown}></textarea>
      <button type="submit" class="send" aria-disabled=${over || !length}>${words.send}</button>
    </div>
    <p id="count" class=${`count ${over ? "over" : ""}`}>${over
      ? fill(words.too_long, { n: length - most })
      : fill(words.count, { n: length.toLocaleString("en-US"), most: most.toLocaleString("en-US") })}</p>
  </form>`;
}

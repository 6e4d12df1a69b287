// <lantern-chat>: the chat on a school's page. Attributes and use: ../README.md
import { LitElement, html, nothing, unsafeCSS } from "lit";
import { parseColor, tokens } from "./colors.js";
import { Conversation } from "./conversation.js";
import { EscCounter, leave, safeAddress } from "./leave.js";
import { readSchool } from "./school.js";
import css from "./style.css";
import { alsoKnown } from "./text.js";
import { fitKeyboard } from "./viewport.js";
import * as views from "./views.js";
import { wordsIn } from "./words.js";

const MOST_CHARACTERS = 2000;
// the same place that the file came from; a page can name another one
const HOME = (document.currentScript?.src || location.origin).replace(/\/widget\/[^/]*$/, "");
// a quick answer comes without the dots
const TYPING_AFTER_MS = 400;
// between the edge of the conversation and the turn at its top (px)
const MARGIN = 14;

const characters = (text) => Array.from(text).length;

export class LanternChat extends LitElement {
  static styles = unsafeCSS(css);
  static properties = {
    server: {},
    color: {},
    barColor: { attribute: "bar-color" },
    language: {},
    position: {},
    exitUrl: { attribute: "exit-url" },
    _open: { state: true },
    _helpOpen: { state: true },
    _draft: { state: true },
    _status: { state: true },
    _typing: { state: true },
    _gone: { state: true },
  };

  constructor() {
    super();
    this._draft = this._status = "";
    this._school = readSchool();
    alsoKnown([this._school.counselor, ...this._school.lines].filter(Boolean));
    this._talk = new Conversation(() => this._address(), (event) => this._hear(event));
    this._esc = new EscCounter((left) => this._onEsc(left), () => !this._floating || this._open || this._talk.turns.length > 0);
    // a page kept for the Back button must not keep the conversation
    this._hide = () => this._forget();
    this._show = (event) => event.persisted && this._begin();
  }

  get _floating() {
    return (this.position ?? "inline") !== "inline";
  }

  get _words() {
    return wordsIn(this.language);
  }

  connectedCallback() {
    super.connectedCallback();
    this._esc.connect();
    addEventListener("pagehide", this._hide);
    addEventListener("pageshow", this._show);
    this._unfit = fitKeyboard(this);
    this._begin();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this._esc.disconnect();
    removeEventListener("pagehide", this._hide);
    removeEventListener("pageshow", this._show);
    this._unfit();
    this._forget();
  }

  /** The address of Lantern without a slash at its end. */
  _address() {
    return safeAddress(this.server || HOME, HOME).replace(/\/+$/, "");
  }

  _begin() {
    if (this._gone) return;
    this._helpOpen = false;
    // a closed chat asks nothing of the server
    this._begun = !this._floating || this._open;
    if (this._begun) this._talk.start();
  }

  _forget() {
    this._talk.stop();
    this._draft = this._status = "";
    this._begun = this._helpOpen = this._typing = false;
    const box = this.renderRoot?.querySelector("textarea");
    if (box) box.value = "";
    this.requestUpdate();
  }

  _hear(event) {
    const words = this._words;
    if (event === "failed") this._status = words.down;
    if (event === "back") {
      this._status = words.back;
      // the card goes away: whoever was in it stays in the conversation
      if (this.renderRoot.activeElement?.closest(".help")) this._focusLog();
    }
    if (event === "replied" && this._status === words.writing) this._status = "";
    this._watchTyping();
    this.requestUpdate();
    if (event !== "change") this._reveal(".mine");
  }

  _watchTyping() {
    if (!this._talk.busy) {
      clearTimeout(this._typingTimer);
      this._typingTimer = this._typing = undefined;
    } else if (!this._typingTimer) {
      this._typingTimer = setTimeout(() => {
        this._typing = this._talk.busy;
        if (!this._typing) return;
        this._status = this._words.writing;
        this._reveal(".mine");
      }, TYPING_AFTER_MS);
    }
  }

  /** Scrolls the conversation, never the page, so that the last match stands at its top and what follows is seen. */
  async _reveal(selector) {
    await this.updateComplete;
    const scroll = this.renderRoot.querySelector(".scroll");
    const last = (wanted) => Array.from(this.renderRoot.querySelectorAll(wanted)).pop();
    let target = last(selector);
    if (!scroll || !target) return;
    // a long message of the user would push the reply out of sight
    if (selector === ".mine" && target.offsetHeight > scroll.clientHeight / 3) target = last(".turn, .help");
    scroll.scrollTop += target.getBoundingClientRect().top - scroll.getBoundingClientRect().top - MARGIN;
  }

  _focusLog() {
    this.renderRoot.querySelector(".scroll")?.focus({ preventScroll: true });
  }

  _leave() {
    const address = safeAddress(this.exitUrl, this._school.exitUrl);
    this._gone = true;
    this._forget();
    // now, not after the next frame
    this.performUpdate();
    leave(address);
  }

  _onEsc(left) {
    if (!left) return this._leave();
    this._status = { 1: this._words.esc_1, 2: this._words.esc_2 }[left] ?? "";
  }

  async _toggleOpen(open) {
    this._open = open;
    await this.updateComplete;
    const panel = this.renderRoot.querySelector(".panel");
    // the top layer: nothing of the page lies over the way out
    if (open) panel.showPopover?.();
    if (open && !this._begun) this._begin();
    (open ? panel : this.renderRoot.querySelector(".launcher")).focus();
  }

  async _toggleHelp() {
    this._helpOpen = !this._helpOpen;
    await this.updateComplete;
    const heading = this.renderRoot.querySelector(".help h3");
    if (!this._helpOpen || !heading) return;
    heading.focus({ preventScroll: true });
    this._reveal(".help");
  }

  _startOver() {
    this._draft = "";
    this._helpOpen = false;
    this._talk.start();
    this._focusLog();
  }

  _pick({ title, payload }) {
    // the pressed button vanishes; without a jump of the on-screen keyboard
    this._focusLog();
    this._say(payload, title);
  }

  _say(message, shown) {
    this._helpOpen = false;
    this._talk.send(message, shown);
    this._reveal(".mine");
  }

  _submit(event) {
    event.preventDefault();
    const text = this._draft.trim();
    if (!text || characters(this._draft) > MOST_CHARACTERS) return;
    this._draft = "";
    this._say(text);
    this.updateComplete.then(() => this._grow());
  }

  _input({ target }) {
    this._draft = target.value;
    this._grow();
  }

  _grow() {
    const box = this.renderRoot.querySelector("textarea");
    if (!box) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 2}px`;
  }

  _keydown(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this._submit(event);
  }

  async _copy({ currentTarget: button }) {
    const quote = button.parentElement.querySelector("blockquote");
    try {
      await navigator.clipboard.writeText(quote.textContent);
      this._status = button.textContent = this._words.copied;
    } catch {
      getSelection().selectAllChildren(quote);
      this._status = button.textContent = this._words.copy_by_hand;
    }
  }

  willUpdate(changed) {
    if (changed.has("color") || changed.has("barColor")) this._paint();
  }

  _paint() {
    for (const [name, value] of [["school", this.color], ["bar", this.barColor]]) {
      const rgb = value && parseColor(value, this.renderRoot);
      const values = rgb ? tokens(rgb, name) : {};
      for (const key of [name, `${name}-ink`, `${name}-text-light`, `${name}-text-dark`]) {
        this.style.setProperty(`--${key}`, values[`--${key}`] ?? "");
      }
    }
  }

  updated(changed) {
    if (changed.has("position") && changed.get("position") !== undefined) this._begin();
  }

  render() {
    if (this._gone) return html`<div class="blank"></div>`;
    const words = this._words;
    if (!this._floating) return this._panel(words, false);
    const side = this.position.includes("left") ? "left" : "";
    return html`<div class=${`floating ${side}`}>
      <button type="button" class="launcher" ?hidden=${this._open} aria-expanded="false" lang=${words.code} @click=${() => this._toggleOpen(true)}>
        ${views.lanternIcon}${words.open}</button>
      ${this._open ? this._panel(words, true) : nothing}
    </div>`;
  }

  _panel(words, floating) {
    const { turns, crisis, down } = this._talk;
    return html`<div class="panel" role=${floating ? "dialog" : "region"} aria-label="Lantern" tabindex="-1" lang=${words.code} popover=${floating ? "manual" : nothing}>
      ${views.bar(words, () => this._leave())}
      ${views.head(words, {
        floating,
        helpOpen: Boolean(this._helpOpen || down),
        toggleHelp: () => this._toggleHelp(),
        startOver: () => this._startOver(),
        close: () => this._toggleOpen(false),
      })}
      ${crisis ? views.crisisCard(words, crisis) : nothing}
      <div class="scroll" tabindex="0" role="region" aria-label=${words.log}>
        ${views.privacy(words)}
        <div role="log" aria-live="polite" aria-relevant="additions" aria-label=${words.log}>
          ${turns.map((one) => views.turn(words, one, { pick: (button) => this._pick(button), copy: (event) => this._copy(event) }))}
        </div>
        ${this._typing ? views.typing() : nothing}
        ${down || this._helpOpen ? views.helpCard(words, {
          down,
          kept: turns.some((one) => one.unsent),
          school: this._school,
          again: () => this._talk.retry(),
        }) : nothing}
      </div>
      ${views.writing(words, {
        focus: () => !floating && this.renderRoot.querySelector(".panel").scrollIntoView({ block: "nearest" }),
        draft: this._draft,
        length: characters(this._draft.trim() ? this._draft : ""),
        most: MOST_CHARACTERS,
        submit: (event) => this._submit(event),
        input: (event) => this._input(event),
        keydown: (event) => this._keydown(event),
      })}
      <div role="status" class="aside">${this._status}</div>
    </div>`;
  }
}

if (!customElements.get("lantern-chat")) customElements.define("lantern-chat", LanternChat);

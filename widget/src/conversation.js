// The conversation: in memory only. Messages wait in a queue; a message is gone from it only when it was answered.
import { ask, isReady } from "./server.js";

const GREETING = "/greet";
// how long to wait before the server is asked again (s); the last one repeats
const PAUSES = [2, 4, 8, 15, 30];
// half an hour; after that, and for a message that fails this often, only the button tries again
const MOST_CHECKS = 60;
const MOST_TRIES = 4;

/** A random UUID; older browsers and pages without HTTPS have no `randomUUID`. */
export function randomUuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export class Conversation {
  /**
   * @param {() => string} server address of Lantern, asked for with each message
   * @param {(event: "change" | "replied" | "failed" | "back") => void} tell called after each change
   */
  constructor(server, tell) {
    this._server = server;
    this._tell = tell;
    this._online = () => this.down && this.retry();
    this.clear();
  }

  /** Forgets everything and stops what is under way. */
  clear() {
    this._stop?.abort();
    clearTimeout(this._timer);
    this._stop = new AbortController();
    this._sender = randomUuid();
    this._queue = [];
    this._checks = 0;
    this.turns = [];
    this.busy = false;
    this.down = false;
    // the crisis reply whose contacts stay pinned
    this.crisis = null;
  }

  start() {
    this.clear();
    addEventListener("online", this._online);
    this._queue.push({ message: GREETING, tries: 0 });
    this._run();
  }

  stop() {
    removeEventListener("online", this._online);
    this.clear();
  }

  /** Sends a message; `shown` is what the user sees of it. */
  send(message, shown = message) {
    if (!this.busy) this._queue = this._queue.filter((waiting) => waiting.message !== GREETING);
    for (const turn of this.turns) turn.buttons = [];
    const turn = this._add({ mine: true, text: shown });
    this._queue.push({ message, turn, tries: 0 });
    this._run();
  }

  /** Tries what has not been answered again, at once. */
  retry() {
    clearTimeout(this._timer);
    this._checks = 0;
    this._run();
  }

  _add(turn) {
    const added = { buttons: [], ...turn };
    this.turns.push(added);
    return added;
  }

  async _run() {
    if (this.busy) return this._tell("change");
    const { signal } = this._stop;
    this.busy = true;
    this._tell("change");
    while (this._queue.length) {
      const waiting = this._queue[0];
      const outcome = await ask(this._server(), this._sender, waiting.message, signal);
      if (signal.aborted) return;
      if (!outcome) {
        this.busy = false;
        return this._failed(waiting);
      }
      this._queue.shift();
      this._answered(waiting, outcome);
    }
    this.busy = false;
    this._tell("change");
  }

  _answered({ turn }, outcome) {
    const wasDown = this.down;
    this.down = false;
    this._checks = 0;
    if (turn) turn.unsent = false;
    const replies = outcome.replies ?? [{ text: outcome.refused, kind: "error" }];
    // a message that was sent meanwhile makes these buttons old
    if (this._queue.length) for (const reply of replies) reply.buttons = [];
    replies.forEach((reply, index) => this._add({ ...reply, last: index === replies.length - 1 }));
    this.crisis = replies.find((reply) => reply.kind === "crisis") ?? this.crisis;
    if (wasDown) this._tell("back");
    this._tell("replied");
  }

  _failed(waiting) {
    waiting.tries += 1;
    this.down = true;
    for (const { turn } of this._queue) if (turn) turn.unsent = true;
    this._wait(waiting);
    this._tell("failed");
  }

  _wait(waiting) {
    if (waiting.tries >= MOST_TRIES || this._checks >= MOST_CHECKS) return;
    const { signal } = this._stop;
    const pause = PAUSES[Math.min(this._checks++, PAUSES.length - 1)];
    this._timer = setTimeout(async () => {
      const ready = await isReady(this._server(), signal);
      if (signal.aborted || !this.down || this.busy) return;
      if (ready) this._run();
      else this._wait(waiting);
    }, pause * 1000);
  }
}

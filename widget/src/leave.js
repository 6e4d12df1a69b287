// Leaving the page at once: without the server, without a trace in this tab's history, without a referrer.

const ESC_TIMES = 3;
const ESC_WITHIN_MS = 2000;

/** An address that a page may be sent to; anything but http(s) is refused. */
export function safeAddress(address, otherwise) {
  try {
    if (!address) return otherwise;
    const url = new URL(address, document.baseURI);
    return ["https:", "http:"].includes(url.protocol) ? url.href : otherwise;
  } catch {
    return otherwise;
  }
}

/** Replaces the page, and the page around it when shown in a frame. */
export function leave(address) {
  document.title = "\u00a0";
  const noReferrer = document.createElement("meta");
  noReferrer.name = "referrer";
  noReferrer.content = "no-referrer";
  document.head.append(noReferrer);
  try {
    top.location.replace(address);
  } catch {
    location.replace(address);
  }
}

/** Counts Esc: three times within two seconds of each other, nothing else pressed between. */
export class EscCounter {
  /**
   * @param {(left: number) => void} tell how many are left; 0 means leave, 3 that the count starts anew
   * @param {() => boolean} active whether Esc counts right now
   */
  constructor(tell, active) {
    this._tell = tell;
    this._active = active;
    this._left = ESC_TIMES;
    this._press = (event) => this._count(event);
  }

  connect() {
    // in the capture phase: no script of the page can swallow it
    addEventListener("keydown", this._press, true);
  }

  disconnect() {
    removeEventListener("keydown", this._press, true);
    clearTimeout(this._timer);
  }

  _count(event) {
    if (event.repeat || !this._active()) return;
    clearTimeout(this._timer);
    if (event.key !== "Escape") return this._reset();
    this._left -= 1;
    this._tell(this._left);
    if (this._left) this._timer = setTimeout(() => this._reset(), ESC_WITHIN_MS);
    else this._left = ESC_TIMES;
  }

  _reset() {
    if (this._left === ESC_TIMES) return;
    this._left = ESC_TIMES;
    this._tell(this._left);
  }
}

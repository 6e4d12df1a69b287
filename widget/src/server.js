// One message to the website channel and what came back. Whatever the server does, the caller gets one of three outcomes.

// after this long, no answer counts as a failed one
export const PATIENCE_MS = 8000;

const isText = (value) => typeof value === "string";
const list = (value) => (Array.isArray(value) ? value : []);

/**
 * Fetches JSON without cookies, referrer or cache; the time limit covers the body too.
 * @returns {Promise<{status: number, content: unknown}>}
 */
async function fetchJson(url, options, signal) {
  const patience = new AbortController();
  const stop = () => patience.abort();
  const timer = setTimeout(stop, PATIENCE_MS);
  signal.addEventListener("abort", stop);
  try {
    const answer = await fetch(url, {
      ...options,
      signal: patience.signal,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
    return { status: answer.status, content: await answer.json() };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

/** One reply as the element shows it, or null when it holds nothing to show. Unknown and odd fields are dropped. */
export function readReply(raw, server) {
  if (!raw || typeof raw !== "object") return null;
  const custom = raw.custom && typeof raw.custom === "object" ? raw.custom : {};
  const text = isText(raw.text) ? raw.text.trim() : "";
  const image = isText(raw.image) ? ownAddress(raw.image, server) : "";
  if (!text && !image) return null;
  return {
    text,
    image,
    alt: isText(custom.image_alt) ? custom.image_alt : "",
    kind: isText(custom.kind) ? custom.kind : "guidance",
    buttons: list(raw.buttons).filter((button) => button && isText(button.title) && isText(button.payload)),
    copy: list(custom.copy).filter(isText),
    sources: list(custom.sources).filter((source) => source && isText(source.period) && Number.isFinite(source.n)),
  };
}

/** A picture is shown only from Lantern's own server: nobody else may learn that somebody is here. */
function ownAddress(address, server) {
  try {
    const url = new URL(address, `${server}/`);
    return url.origin === new URL(server).origin ? url.href : "";
  } catch {
    return "";
  }
}

/**
 * Sends one message.
 * @returns {Promise<{replies: object[]} | {refused: string} | null>} null: no usable answer, worth another try
 */
export async function ask(server, sender, message, signal) {
  try {
    const { status, content } = await fetchJson(
      `${server}/webhooks/website/webhook`,
      { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ sender, message }) },
      signal,
    );
    if ([400, 413, 422].includes(status) && isText(content?.error?.message)) return { refused: content.error.message };
    const replies = status === 200 ? list(content).map((raw) => readReply(raw, server)).filter(Boolean) : [];
    return replies.length ? { replies } : null;
  } catch {
    return null;
  }
}

/** Whether the server says that it can answer. */
export async function isReady(server, signal) {
  try {
    const { status, content } = await fetchJson(`${server}/webhooks/website/`, {}, signal);
    return status === 200 && content?.status === "ok";
  } catch {
    return false;
  }
}

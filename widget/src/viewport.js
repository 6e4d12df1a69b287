// The on-screen keyboard covers the lower part of a page without changing its size: the panel fits into what is left.

// less than this is a browser bar that folds away, not a keyboard
const KEYBOARD_FROM = 120;

/**
 * Keeps `--room` and `--shift` of the element at what can be seen while a keyboard is open.
 * @returns {() => void} ends it
 */
export function fitKeyboard(element) {
  const view = globalThis.visualViewport;
  if (!view) return () => {};
  const fit = ({ type }) => {
    const open = innerHeight - view.height * view.scale > KEYBOARD_FROM;
    element.style.setProperty("--room", open ? `${view.height}px` : "");
    element.style.setProperty("--shift", open ? `${view.offsetTop}px` : "");
    // Android shrinks the page instead; in both cases bar and writing come back into sight
    if (type === "resize" && element.renderRoot.activeElement?.id === "message") {
      element.renderRoot.querySelector(".panel").scrollIntoView({ block: open ? "start" : "nearest" });
    }
  };
  view.addEventListener("resize", fit);
  view.addEventListener("scroll", fit);
  return () => {
    view.removeEventListener("resize", fit);
    view.removeEventListener("scroll", fit);
  };
}

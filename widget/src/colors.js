// A school's color as readable tokens: whatever is given, text on it and text in it keep a contrast of 4.5 to 1.

const READABLE = 4.5;
// the less favorable of ground and paper in style.css
const PAPER = { light: [245, 243, 238], dark: [28, 35, 45] };
const INK = { light: [0, 0, 0], dark: [255, 255, 255] };

function luminance(rgb) {
  const [r, g, b] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const mix = (from, to, part) => from.map((value, index) => Math.round(value + (to[index] - value) * part));
const css = (rgb) => `rgb(${rgb.join(",")})`;

/** `color` moved towards black or white until it can be read on the paper of a scheme. */
export function readableOn(color, scheme) {
  for (let part = 0; part <= 1; part += 0.05) {
    const candidate = mix(color, INK[scheme], part);
    if (contrast(candidate, PAPER[scheme]) >= READABLE) return candidate;
  }
  return INK[scheme];
}

/** What a CSS color is in red, green and blue, or null when it is none. */
export function parseColor(value, place) {
  const probe = document.createElement("i");
  probe.style.color = value;
  if (!probe.style.color) return null;
  probe.hidden = true;
  place.append(probe);
  const parts = getComputedStyle(probe).color.match(/[\d.]+/g);
  probe.remove();
  return parts && parts.length >= 3 ? parts.slice(0, 3).map(Number) : null;
}

/** The CSS variables of a color: `{name: value}`. */
export function tokens(color, name) {
  const ink = contrast(color, INK.dark) >= READABLE ? INK.dark : INK.light;
  return {
    [`--${name}`]: css(color),
    [`--${name}-ink`]: css(ink),
    [`--${name}-text-light`]: css(readableOn(color, "light")),
    [`--${name}-text-dark`]: css(readableOn(color, "dark")),
  };
}

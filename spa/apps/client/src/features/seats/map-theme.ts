/** The colours of the map that are not a band's. */
export interface MapTheme {
  surface: string;
  ink: string;
  muted: string;
  line: string;
  raised: string;
}

/** Reads the tokens as the browser resolves them: a canvas does not know light-dark(). */
export function readTheme(element: HTMLElement): MapTheme {
  const probe = document.createElement("span");
  element.append(probe);
  const resolve = (token: string) => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  };
  const theme = {
    surface: resolve("surface"),
    ink: resolve("ink"),
    muted: resolve("muted"),
    line: resolve("line"),
    raised: resolve("raised"),
  };
  probe.remove();
  return theme;
}

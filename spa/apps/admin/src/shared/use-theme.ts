import { type RefObject, useEffect, useState } from "react";

type Color = (token: string) => string;

/**
 * Gives the function that turns a colour token of the theme ("--accent") into a colour a canvas can paint with;
 * a new function whenever the theme changes. Null until the element is on the page.
 */
export function useTheme(element: RefObject<HTMLElement | null>): Color | null {
  const [color, setColor] = useState<Color | null>(null);
  useEffect(() => {
    const read = () => setColor(() => (token: string) => resolve(element.current ?? document.body, token));
    read();
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", read);
    const forced = new MutationObserver(read);
    forced.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      dark.removeEventListener("change", read);
      forced.disconnect();
    };
  }, [element]);
  return color;
}

/** The tokens are light-dark() pairs, which a canvas does not know; the style engine resolves them on an element. */
function resolve(element: HTMLElement, token: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  element.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}

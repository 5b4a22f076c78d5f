/** Black or white, whichever reads better on a colour of the form #rrggbb (WCAG relative luminance). */
export function textOn(colour: string): "#000" | "#fff" {
  const channel = (at: number) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  // Both give the same contrast where (L + 0.05)² = 1.05 × 0.05.
  return luminance > 0.179 ? "#000" : "#fff";
}

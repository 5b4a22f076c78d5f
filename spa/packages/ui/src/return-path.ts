/**
 * Where to go on to after signing in: a path of this origin, or the fallback. An address that a stranger made must not
 * lead a person who has just typed a password to another site.
 * @param wanted the parameter as it came
 * @param origin the page's own origin, such as "https://tickets.example"
 */
export function returnPath(wanted: string | null, origin: string, fallback: string): string {
  // Browsers read "//host" and "/\host" as another host, and drop tabs and line ends on the way.
  if (!wanted?.startsWith("/") || /^\/[/\\]/.test(wanted) || /[\p{Cc}\\]/u.test(wanted)) return fallback;
  let url: URL;
  try {
    url = new URL(wanted, origin);
  } catch {
    return fallback;
  }
  // "/.//host" is made "//host" by parsing, so what is returned is checked and not only what came.
  if (url.origin !== origin || url.pathname.startsWith("//")) return fallback;
  return url.pathname + url.search + url.hash;
}

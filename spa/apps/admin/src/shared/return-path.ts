import { paths } from "./urls";

/**
 * Makes a path to go on to after sign-in from what an address bar held. Anything that could leave this
 * origin, or lead back to the sign-in page, becomes the start page: a link that somebody sent must not
 * turn our sign-in into a step of theirs.
 */
export function safeReturnPath(wanted: string | null | undefined): string {
  // "//host" and "/\host" are other origins to a browser, and it drops tabs and line ends before looking.
  if (!wanted?.startsWith("/") || /^\/[/\\]|[\p{Cc}]/u.test(wanted)) return paths.rooms;
  const here = "https://here.invalid";
  let url: URL;
  try {
    url = new URL(wanted, here);
  } catch {
    return paths.rooms;
  }
  // Normalising can make a second slash: "/.//host" parses to the path "//host".
  if (url.origin !== here || url.pathname.startsWith("//") || url.pathname.startsWith(paths.signIn)) {
    return paths.rooms;
  }
  return url.pathname + url.search + url.hash;
}

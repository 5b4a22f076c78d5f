import { returnPath } from "@anteroom/ui";
import { paths } from "./urls";

/** Where to go on to after sign-in from what an address bar held; never the sign-in page again. */
export function safeReturnPath(wanted: string | null): string {
  // Only paths are wanted, so any origin serves to read them by.
  const path = returnPath(wanted, "https://here.invalid", paths.rooms);
  return path.startsWith(paths.signIn) ? paths.rooms : path;
}

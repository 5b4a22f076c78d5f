import { returnPath } from "@anteroom/ui";
import { useSearchParams } from "react-router";
import { base, returnParam } from "./urls";

/** Where to go on to, and the query that carries it from page to page. */
export function useReturnPath() {
  const [params] = useSearchParams();
  const to = returnPath(params.get(returnParam), window.location.origin, `${base}/`);
  return { to, query: params.has(returnParam) ? `?${new URLSearchParams({ [returnParam]: to })}` : "" };
}

import { useCallback, useEffect, useState } from "react";

/** What choosing a seat came to. */
export type Choice = "added" | "removed" | "limit";

/** Adds or removes a seat, never going over a limit. */
export function toggleSeat(
  chosen: readonly number[],
  id: number,
  limit: number,
): [Choice, readonly number[]] {
  if (chosen.includes(id)) return ["removed", chosen.filter((other) => other !== id)];
  if (chosen.length >= limit) return ["limit", chosen];
  return ["added", [...chosen, id]];
}

/** Reads what was kept; anything but a list of numbers is nothing. */
export function readKept(text: string | null): number[] {
  try {
    const kept: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(kept) && kept.every((id) => Number.isSafeInteger(id)) ? kept : [];
  } catch {
    return [];
  }
}

/** The chosen seats of a show, by id. They outlive a reload: signing in or waiting again costs nobody their choice. */
export function useSelection(show: string, limit: number) {
  const key = `anteroom:seats:${show}`;
  const [chosen, setChosen] = useState<readonly number[]>(() => readKept(sessionStorage.getItem(key)));

  useEffect(() => {
    if (chosen.length > 0) sessionStorage.setItem(key, JSON.stringify(chosen));
    else sessionStorage.removeItem(key);
  }, [key, chosen]);

  const toggle = useCallback(
    (id: number): Choice => {
      const [choice, next] = toggleSeat(chosen, id, limit);
      setChosen(next);
      return choice;
    },
    [chosen, limit],
  );
  const drop = useCallback((ids: readonly number[]) => {
    setChosen((before) => before.filter((id) => !ids.includes(id)));
  }, []);

  return { chosen, toggle, drop };
}

import { type Change, changesOf, type Draft, draftOf, policyDifference } from "./changes";
import type { Room } from "./live";
import type { Field, Policy } from "./settings";
import { suggested } from "./suggest";

/** A policy at a version, as the stream or an answer told it. */
interface Version {
  version: number;
  policy: Policy;
}

/** A change on its way. */
export interface Confirmation {
  /** The version it made; null until the service has answered. */
  version: number | null;
  changes: Change[];
  sentAt: number;
  /** Milliseconds from sending until the stream showed it in force; null until then. */
  took: number | null;
}

export interface Controls {
  /** What the person decides on: it stands still from the first keystroke, whatever the stream says. */
  base: Version;
  /** What is in force by the latest word. */
  latest: Version;
  draft: Draft;
  phase: "editing" | "confirming" | "sending";
  confirmation: Confirmation | null;
  /** Messages of the service, by field. */
  refused: Partial<Record<Field, string>>;
}

export type ControlsEvent =
  | { type: "seen"; room: Room; now: number }
  | { type: "edit"; change: Partial<Draft> }
  | { type: "confirm" }
  | { type: "back" }
  | { type: "discard" }
  | { type: "rebase" }
  | { type: "send"; changes: Change[]; now: number }
  | { type: "applied"; room: Room; now: number }
  | { type: "failed"; fields: { name: string; message: string }[] };

export function initialControls(room: Room): Controls {
  const at = versionOf(room);
  return {
    base: at,
    latest: at,
    draft: draftOf(at.policy),
    phase: "editing",
    confirmation: null,
    refused: {},
  };
}

function versionOf({ version, policy }: Room): Version {
  return { version, policy };
}

/** What the draft would change, against what it was decided on. */
export function pending(state: Controls): Change[] {
  return changesOf(state.base.policy, state.draft);
}

/** What somebody else changed since this draft was begun; empty when it was a setting that this page does not show. */
export function theirs(state: Controls): Change[] {
  return policyDifference(state.base.policy, state.latest.policy);
}

/** Whether applying now would be refused with 409, so that the page asks first. */
export function outdated(state: Controls): boolean {
  return state.base.version !== state.latest.version && pending(state).length > 0;
}

export function reduceControls(state: Controls, event: ControlsEvent): Controls {
  switch (event.type) {
    case "seen":
      return seen(state, event.room, event.now);
    case "edit": {
      const change = {
        ...suggested(draftOf(state.base.policy), state.draft, event.change),
        ...event.change,
      };
      const refused = { ...state.refused };
      for (const field of Object.keys(change)) delete refused[field as Field];
      return { ...state, draft: { ...state.draft, ...change }, phase: "editing", refused };
    }
    case "confirm":
      return { ...state, phase: "confirming" };
    case "back":
      return { ...state, phase: "editing" };
    case "discard":
      return {
        ...state,
        base: state.latest,
        draft: draftOf(state.latest.policy),
        phase: "editing",
        refused: {},
      };
    case "rebase":
      return { ...state, ...rebased(state), phase: "editing" };
    case "send":
      return {
        ...state,
        phase: "sending",
        refused: {},
        confirmation: { version: null, changes: event.changes, sentAt: event.now, took: null },
      };
    case "applied":
      return applied(state, event.room, event.now);
    case "failed":
      return { ...state, phase: "editing", confirmation: null, refused: byField(event.fields) };
  }
}

function seen(state: Controls, room: Room, now: number): Controls {
  const latest = versionOf(room);
  const { confirmation } = state;
  // A frame made before our change took effect must not undo on the screen what we know was applied.
  if (confirmation?.took === null && confirmation.version !== null && latest.version < confirmation.version)
    return state;
  const next = { ...state, latest, confirmation: confirmed(confirmation, latest.version, now) };
  if (state.phase === "sending" || pending(state).length > 0) return next;
  return { ...next, base: latest, draft: draftOf(latest.policy) };
}

function applied(state: Controls, room: Room, now: number): Controls {
  const at = versionOf(room);
  const sent = state.confirmation && { ...state.confirmation, version: at.version };
  return {
    base: at,
    latest: at,
    draft: draftOf(at.policy),
    phase: "editing",
    // The stream may have been faster than the answer.
    confirmation: confirmed(sent, state.latest.version, now),
    refused: {},
  };
}

function confirmed(sent: Confirmation | null, seenVersion: number, now: number): Confirmation | null {
  if (sent === null || sent.version === null || sent.took !== null || seenVersion < sent.version) return sent;
  return { ...sent, took: now - sent.sentAt };
}

/** Puts this person's changes on top of what is in force now; what they did not touch follows it. */
function rebased(state: Controls): Pick<Controls, "base" | "draft"> {
  const mine = pending(state).map((c) => [c.field, state.draft[c.field]]);
  return { base: state.latest, draft: { ...draftOf(state.latest.policy), ...Object.fromEntries(mine) } };
}

function byField(fields: { name: string; message: string }[]): Controls["refused"] {
  return Object.fromEntries(fields.map((f) => [f.name, f.message]));
}

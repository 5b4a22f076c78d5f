import { Card } from "@anteroom/ui";
import { Lock } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useCan, useSession } from "@/shared/session";
import { ConfirmationNote } from "./confirmation-note";
import { ControlFields } from "./control-fields";
import type { Room } from "./live";
import { PendingChanges } from "./pending-changes";
import { useControls } from "./use-controls";

/** Where an operator steers: values, what they will do, Enter. */
export function ControlPanel({ room }: { room: Room }) {
  const { t } = useTranslation();
  const { role } = useSession();
  const allowed = useCan("room:write");
  const controls = useControls(room);

  const form = useRef<HTMLFormElement>(null);
  const version = controls.state.confirmation?.version ?? null;

  // The button that applied is gone with its changes: whoever pressed it stays in the form, not at the page's top.
  useEffect(() => {
    if (version !== null && document.activeElement === document.body)
      form.current?.focus({ preventScroll: true });
  }, [version]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && controls.state.phase === "confirming") controls.dispatch({ type: "back" });
    // A plain Enter in the message makes a new line.
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      controls.submit();
    }
  };

  return (
    <Card className="grid gap-4">
      <div className="flex flex-wrap items-baseline justify-between gap-2">
        <h2 className="text-lg font-bold">{t("controls.title")}</h2>
        <span className="text-sm text-muted tabular-nums">
          {t("controls.inForce", { version: controls.state.latest.version })}
        </span>
      </div>
      {!allowed && (
        <p id="read-only" className="flex gap-2 rounded-xl bg-raised px-4 py-3 text-sm">
          <Lock aria-hidden size={16} className="mt-0.5 shrink-0" />
          {t("controls.readOnly", { role: t(`role.${role}`), permission: "room:write" })}
        </p>
      )}
      <form
        ref={form}
        tabIndex={-1}
        noValidate
        className="grid gap-4 outline-none"
        onKeyDown={onKeyDown}
        onSubmit={(event) => {
          event.preventDefault();
          controls.submit();
        }}
      >
        <fieldset
          disabled={!allowed}
          aria-describedby={allowed ? undefined : "read-only"}
          className="grid min-w-0 gap-4"
        >
          <ControlFields controls={controls} />
        </fieldset>
        {allowed && <PendingChanges controls={controls} live={room.live} />}
      </form>
      <ConfirmationNote confirmation={controls.state.confirmation} />
    </Card>
  );
}

import { Alert, Button } from "@anteroom/ui";
import type { MouseEvent } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { ChangeList } from "./change-list";
import { theirs } from "./controls";
import type { ControlsHandle } from "./use-controls";

/** Somebody else changed the room since this draft was begun: what they did, and whose values shall stand. */
export function Outdated({ controls: { state, dispatch } }: { controls: ControlsHandle }) {
  const { t } = useTranslation();
  const changes = theirs(state);
  const keepMine = ({ currentTarget: { form } }: MouseEvent<HTMLButtonElement>) => {
    flushSync(() => dispatch({ type: "rebase" }));
    // This button is gone now; the next Enter belongs to the one that applies.
    form?.querySelector<HTMLElement>("button[type=submit]")?.focus();
  };
  return (
    <Alert kind="warn" title={t("controls.outdatedTitle")}>
      <div className="mt-2 grid gap-3 text-ink">
        <ChangeList changes={changes} />
        {changes.length === 0 && (
          <p>{t("controls.outdatedOther", { from: state.base.version, to: state.latest.version })}</p>
        )}
        <div className="flex flex-wrap gap-2">
          <Button size="sm" onClick={keepMine}>
            {t("controls.keepMine")}
          </Button>
          <Button size="sm" variant="secondary" onClick={() => dispatch({ type: "discard" })}>
            {t("controls.takeTheirs")}
          </Button>
        </div>
      </div>
    </Alert>
  );
}

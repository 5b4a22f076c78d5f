import { isProblem } from "@anteroom/api";
import { Alert, Button } from "@anteroom/ui";
import { useTranslation } from "react-i18next";
import { Failed } from "@/shared/states";
import { ChangeList } from "./change-list";
import { Consequences } from "./consequences";
import { outdated } from "./controls";
import type { Room } from "./live";
import { Outdated } from "./outdated";
import { useChangeText } from "./use-change-text";
import type { ControlsHandle } from "./use-controls";

/** What will change, before it does; then the buttons. */
export function PendingChanges({ controls, live }: { controls: ControlsHandle; live: Room["live"] }) {
  const { t } = useTranslation();
  const text = useChangeText();
  const { state, dispatch, changes, sharp, ready, failure } = controls;
  const conflict = isProblem(failure) && failure.status === 409;
  const confirming = state.phase === "confirming";

  return (
    <section aria-label={t("controls.willChange")} className="grid gap-3 border-t border-line pt-4">
      <h3 className="text-sm font-semibold">{t("controls.willChange")}</h3>
      {changes.length === 0 && <p className="text-sm text-muted">{t("controls.nothing")}</p>}
      <ChangeList changes={changes} />
      <Consequences changes={changes} base={state.base.policy} live={live} />
      {outdated(state) && <Outdated controls={controls} />}
      {failure && !conflict && changes.length > 0 && state.phase !== "sending" && (
        <Failed title={t("controls.failed")} error={failure} />
      )}
      {confirming && (
        <Alert kind="warn" title={t("controls.confirmTitle")}>
          {t("controls.confirmText", { what: sharp.map(text).join(", ") })}
        </Alert>
      )}
      {changes.length > 0 && (
        <div className="flex flex-wrap gap-2">
          <Button
            type="submit"
            size="lg"
            variant={confirming ? "danger" : "primary"}
            className="flex-1"
            disabled={!ready}
            busy={state.phase === "sending"}
          >
            {confirming ? t("controls.confirm") : t("controls.applyCount", { count: changes.length })}
          </Button>
          <Button
            size="lg"
            variant="secondary"
            disabled={state.phase === "sending"}
            onClick={() => dispatch({ type: confirming ? "back" : "discard" })}
          >
            {confirming ? t("controls.goBack") : t("controls.discard")}
          </Button>
        </div>
      )}
    </section>
  );
}

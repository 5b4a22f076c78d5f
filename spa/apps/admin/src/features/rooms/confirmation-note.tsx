import { Alert } from "@anteroom/ui";
import { useTranslation } from "react-i18next";
import { useNow } from "@/shared/use-now";
import type { Confirmation } from "./controls";
import { useChangeText } from "./use-change-text";

/** After this many milliseconds without a figure that shows the change, something is wrong and is said. */
const patienceMs = 4000;

/** Where an applied change stands: accepted, then seen in force by the stream. */
export function ConfirmationNote({ confirmation }: { confirmation: Confirmation | null }) {
  const { t } = useTranslation();
  const text = useChangeText();
  const now = useNow(500);
  if (confirmation === null || confirmation.version === null) return null;
  const { version, took, sentAt, changes } = confirmation;
  if (took !== null) {
    return (
      <Alert kind="good" title={t("controls.inForceAfter", { version, seconds: (took / 1000).toFixed(1) })}>
        <ul>
          {changes.map((change) => (
            <li key={change.field}>{text(change)}</li>
          ))}
        </ul>
      </Alert>
    );
  }
  const waited = now - sentAt;
  if (waited < patienceMs) return <Alert>{t("controls.applied", { version })}</Alert>;
  return (
    <Alert kind="warn">{t("controls.notConfirmed", { version, seconds: Math.floor(waited / 1000) })}</Alert>
  );
}

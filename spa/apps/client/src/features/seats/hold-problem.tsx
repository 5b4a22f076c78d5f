import { isProblem } from "@anteroom/api";
import { useProblemText } from "@anteroom/i18n";
import { Alert } from "@anteroom/ui";
import { useTranslation } from "react-i18next";

/** Why the seats could not be held. */
export function HoldProblem({ error, nameOf }: { error: unknown; nameOf: (seatId: number) => string }) {
  const { t } = useTranslation();
  const say = useProblemText();
  if (!error) return null;
  if (isProblem(error, "seat-taken") && error.seatIds.length > 0) {
    return (
      <Alert kind="bad" title={t("seats.takenTitle")}>
        {t("seats.takenText", { seats: error.seatIds.map(nameOf).join(" · ") })}
      </Alert>
    );
  }
  return <Alert kind="bad">{say(error)}</Alert>;
}

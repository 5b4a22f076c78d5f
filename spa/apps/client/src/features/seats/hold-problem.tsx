import { isProblem } from "@anteroom/api";
import { useProblemText } from "@anteroom/i18n";
import { Alert, Button } from "@anteroom/ui";
import { useTranslation } from "react-i18next";

interface Props {
  error: unknown;
  nameOf: (seatId: number) => string;
  /** Asks for seats that are not side by side; undefined when that was not asked for. */
  onSplit: (() => void) | undefined;
}

/** Why the seats could not be held. */
export function HoldProblem({ error, nameOf, onSplit }: Props) {
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
  if (isProblem(error, "seats-not-together")) {
    return (
      <Alert kind="warn" title={t("best.apart")}>
        <p>{t("best.apartText", { count: error.number("together") ?? 0 })}</p>
        {onSplit && (
          <Button size="sm" variant="secondary" className="mt-3" onClick={onSplit}>
            {t("best.split")}
          </Button>
        )}
      </Alert>
    );
  }
  return <Alert kind="bad">{say(error)}</Alert>;
}

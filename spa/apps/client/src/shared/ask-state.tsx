import { isProblem } from "@anteroom/api";
import { useProblemText } from "@anteroom/i18n";
import { Button, EmptyState, Spinner } from "@anteroom/ui";
import { CloudOff, SearchX, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";

/** Stands where an answer is still on its way. */
export function Loading() {
  const { t } = useTranslation(["app", "common"]);
  return (
    <div className="grid place-items-center py-24">
      <Spinner size={28} label={t("common:loading")} />
    </div>
  );
}

/** Stands where an answer did not come: what is wrong, and a way on. */
export function Failed({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation(["app", "common"]);
  const say = useProblemText();
  if (isProblem(error) && error.status === 404) return <Nothing />;
  const offline = isProblem(error, "offline");
  return (
    <EmptyState
      icon={offline ? <CloudOff aria-hidden size={36} /> : <TriangleAlert aria-hidden size={36} />}
      title={<span role="alert">{say(error)}</span>}
      action={onRetry && <Button onClick={onRetry}>{t("common:retry")}</Button>}
    />
  );
}

/** Stands where an address leads to nothing. */
export function Nothing() {
  const { t } = useTranslation(["app", "common"]);
  return (
    <EmptyState icon={<SearchX aria-hidden size={36} />} title={t("common:notFoundTitle")}>
      {t("common:notFoundText")}
    </EmptyState>
  );
}

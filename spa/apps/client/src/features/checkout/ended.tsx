import { buttonStyle, EmptyState } from "@anteroom/ui";
import { TimerOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { urls } from "@/shared/urls";

/** Stands where the time for paying ran out. */
export function Ended({ show }: { show: string | undefined }) {
  const { t } = useTranslation();
  return (
    <EmptyState
      icon={<TimerOff aria-hidden size={36} />}
      title={<span role="alert">{t("checkout.ended")}</span>}
      action={
        // A full load, for the seats are behind the gate.
        <a className={buttonStyle()} href={show ? urls.seats(show) : urls.home}>
          {t("checkout.again")}
        </a>
      }
    >
      {t("checkout.endedText")}
    </EmptyState>
  );
}

import { useLanguage } from "@anteroom/i18n";
import { cx } from "@anteroom/ui";
import { Timer } from "lucide-react";
import { useTranslation } from "react-i18next";

const hurryMs = 60_000;

/** How long the seats are kept. Read out at whole minutes and in the last half minute, not every second. */
export function Countdown({ left }: { left: number }) {
  const { t } = useTranslation();
  const { duration } = useLanguage();
  const seconds = Math.ceil(left / 1000);
  const spoken = seconds % 60 === 0 || seconds === 30;
  const hurry = left < hurryMs;
  return (
    <div
      className={cx(
        "flex items-center gap-3 rounded-card px-5 py-4",
        hurry ? "bg-warn-soft text-warn" : "bg-accent-soft text-accent-strong",
      )}
    >
      <Timer aria-hidden size={22} />
      <span className="flex-1 font-semibold">{t("checkout.left")}</span>
      <strong role="timer" className="text-2xl tabular-nums">
        {duration(left)}
      </strong>
      <span aria-live="polite" className="sr-only">
        {spoken && `${t("checkout.left")} ${duration(left)}`}
      </span>
    </div>
  );
}

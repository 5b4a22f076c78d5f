import { useLanguage } from "@anteroom/i18n";
import { useTranslation } from "react-i18next";
import { useSeatLabel } from "@/shared/seat-label";
import type { Order } from "@/shared/types";

/** The seats of an order and what they cost. */
export function OrderLines({ order }: { order: Order }) {
  const { t } = useTranslation();
  const { money } = useLanguage();
  const label = useSeatLabel();
  return (
    <>
      <ul className="grid gap-2 border-t border-line pt-4 text-sm">
        {order.lines.map((line) => (
          <li key={line.seat_id} className="flex justify-between gap-4">
            {label(line)}
            <span className="tabular-nums">{money(line.price)}</span>
          </li>
        ))}
      </ul>
      <p className="flex items-baseline justify-between border-t border-line pt-4">
        {t("seats.total")}
        <strong className="text-xl tabular-nums">{money(order.total)}</strong>
      </p>
    </>
  );
}

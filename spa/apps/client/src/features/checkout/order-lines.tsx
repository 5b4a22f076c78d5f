import { useLanguage } from "@anteroom/i18n";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSeatLabel } from "@/shared/seat-label";
import type { Order } from "@/shared/types";

/** The seats of an order, and what they, the fees and the tax come to. */
export function OrderLines({ order }: { order: Order }) {
  const { t } = useTranslation();
  const { money, date } = useLanguage();
  const label = useSeatLabel();
  const { fees = [], tax, cancellation } = order;
  const percent = tax && tax.basis_points / 100;
  return (
    <>
      <ul className="grid gap-2 border-t border-line pt-4 text-sm">
        {order.lines.map((line) => (
          <Line key={line.seat_id} amount={money(line.price)}>
            {label(line)}
          </Line>
        ))}
        {fees.map((fee) => (
          <Line key={fee.kind} amount={money(fee.amount)}>
            {t(`checkout.fee.${fee.kind}`)}
          </Line>
        ))}
        {tax && !tax.included && <Line amount={money(tax.amount)}>{t("checkout.tax", { percent })}</Line>}
      </ul>
      <div className="border-t border-line pt-4">
        <p className="flex items-baseline justify-between">
          {t("seats.total")}
          <strong className="text-xl tabular-nums">{money(order.total)}</strong>
        </p>
        {tax?.included && (
          <p className="text-sm text-muted tabular-nums">
            {t("checkout.taxIncluded", { percent, amount: money(tax.amount) })}
          </p>
        )}
      </div>
      {cancellation && (
        <p className="text-sm text-muted">
          {cancellation.until
            ? t(cancellation.fee.amount > 0 ? "checkout.cancelFor" : "checkout.cancelFree", {
                until: date(cancellation.until, "dateTime", order.time_zone),
                fee: money(cancellation.fee),
              })
            : t("checkout.cancelNever")}
        </p>
      )}
    </>
  );
}

function Line({ amount, children }: { amount: string; children: ReactNode }) {
  return (
    <li className="flex justify-between gap-4">
      <span>{children}</span>
      <span className="tabular-nums">{amount}</span>
    </li>
  );
}

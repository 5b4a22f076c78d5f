import { useLanguage } from "@anteroom/i18n";
import { Badge, cx } from "@anteroom/ui";
import { useTranslation } from "react-i18next";
import type { Order, Ticket } from "@/shared/types";
import { QrCode } from "./qr-code";

/** A ticket as the door wants to see it; one does not break over two printed pages. */
export function TicketCard({ ticket, order }: { ticket: Ticket; order: Order }) {
  const { t } = useTranslation();
  const { text, date } = useLanguage();
  const valid = ticket.state === "valid";
  return (
    <li
      className={cx(
        "grid break-inside-avoid overflow-hidden rounded-card border border-line bg-surface shadow-card sm:grid-cols-[1fr_13rem]",
        !valid && "opacity-60",
      )}
    >
      <div className="grid content-between gap-6 p-6">
        <div>
          <p className="font-display text-xl font-bold">{text(order.title)}</p>
          <p className="text-sm text-muted">
            {date(order.starts_at, "dateTimeZone", order.time_zone)}
            <br />
            {text(order.venue)}
          </p>
        </div>
        <dl className="grid grid-cols-3 gap-3">
          <Place name={t("ticket.section")} value={ticket.section} />
          <Place name={t("ticket.row")} value={ticket.row} />
          <Place name={t("ticket.number")} value={ticket.number} />
        </dl>
      </div>
      <div className="grid justify-items-center gap-2 border-t-2 border-dashed border-line bg-raised p-5 sm:border-t-0 sm:border-l-2">
        {valid ? (
          <QrCode
            text={ticket.code}
            label={t("ticket.qr", { code: ticket.code })}
            className="w-40 rounded-lg"
          />
        ) : (
          <Badge tone="bad" className="my-16">
            {t("ticket.void")}
          </Badge>
        )}
        <p className={cx("font-mono text-sm font-bold", !valid && "line-through")}>
          <span className="sr-only">{t("ticket.code")} </span>
          {ticket.code}
        </p>
      </div>
    </li>
  );
}

function Place({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt className="text-xs font-semibold text-muted uppercase">{name}</dt>
      <dd className="text-2xl font-bold tabular-nums">{value}</dd>
    </div>
  );
}

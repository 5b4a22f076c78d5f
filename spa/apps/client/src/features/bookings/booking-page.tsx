import { isProblem } from "@anteroom/api";
import { useLanguage } from "@anteroom/i18n";
import { Alert, buttonStyle } from "@anteroom/ui";
import { useQuery } from "@tanstack/react-query";
import { Printer } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useParams } from "react-router";
import { Failed, Loading } from "@/shared/ask-state";
import { orderQuery } from "@/shared/orders";
import { usePageTitle } from "@/shared/page-title";
import type { Order } from "@/shared/types";
import { urls } from "@/shared/urls";
import { CancelBooking } from "./cancel-booking";
import { OrderBadge } from "./order-badge";
import { SignInFirst } from "./sign-in-first";
import { TicketCard } from "./ticket-card";

/** One booking with its tickets. */
export function BookingPage() {
  const { order: id = "" } = useParams();
  const { data: order, error, refetch } = useQuery(orderQuery(id));
  usePageTitle(order?.reference);

  if (isProblem(error) && error.status === 401) return <SignInFirst />;
  if (error && !order) return <Failed error={error} onRetry={() => void refetch()} />;
  return order ? <Booking order={order} /> : <Loading />;
}

function Booking({ order }: { order: Order }) {
  const { t } = useTranslation();
  const { text, date, money, language } = useLanguage();
  const { state } = useLocation();
  const justPaid = order.state === "paid" && Boolean((state as { justPaid?: boolean } | null)?.justPaid);
  const cancellable = order.state === "paid" || order.state === "pending";

  return (
    <div className="mx-auto grid max-w-3xl gap-6">
      <Link to={urls.bookings} className="w-fit text-sm font-semibold text-muted hover:text-ink print:hidden">
        ← {t("ticket.all")}
      </Link>
      {justPaid && (
        <Alert kind="good" className="print:hidden">
          {t("ticket.thanks")}
        </Alert>
      )}
      <header className="grid gap-1">
        <div className="flex flex-wrap items-center gap-3">
          <h1 className="font-display text-3xl font-bold">{text(order.title)}</h1>
          <OrderBadge state={order.state} />
        </div>
        <p className="text-muted">
          {date(order.starts_at, "dateTimeZone", order.time_zone)} · {text(order.venue)}
        </p>
        <p className="text-sm text-muted tabular-nums">
          {t("ticket.reference")} <strong className="text-ink">{order.reference}</strong> ·{" "}
          {money(order.total)}
        </p>
        {order.refunded && order.refunded.amount > 0 && (
          <p className="text-sm font-semibold text-good">
            {t("ticket.refunded", { amount: money(order.refunded) })}
          </p>
        )}
      </header>
      <ul className="grid gap-4">
        {order.tickets.map((ticket) => (
          <TicketCard key={ticket.id} ticket={ticket} order={order} />
        ))}
      </ul>
      <div className="flex flex-wrap justify-between gap-3 print:hidden">
        {order.state === "paid" && order.tickets.length > 0 && (
          <a
            className={buttonStyle({ variant: "secondary" })}
            href={urls.printedTickets(order.id, language)}
            target="_blank"
            rel="noopener"
          >
            <Printer aria-hidden size={18} />
            {t("ticket.print")}
          </a>
        )}
        {order.state === "pending" && (
          <Link className={buttonStyle()} to={urls.pay(order.id)}>
            {t("bookings.continue")}
          </Link>
        )}
        {cancellable && <CancelBooking order={order} />}
      </div>
    </div>
  );
}

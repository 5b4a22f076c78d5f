import { isProblem } from "@anteroom/api";
import { useLanguage } from "@anteroom/i18n";
import { buttonStyle, EmptyState } from "@anteroom/ui";
import { useQuery } from "@tanstack/react-query";
import { Ticket } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Failed, Loading } from "@/shared/ask-state";
import { ordersQuery } from "@/shared/orders";
import { usePageTitle } from "@/shared/page-title";
import type { Order } from "@/shared/types";
import { urls } from "@/shared/urls";
import { OrderBadge } from "./order-badge";
import { SignInFirst } from "./sign-in-first";

/** The buyer's orders, newest first. */
export function BookingsPage() {
  const { t } = useTranslation();
  const { data: orders, error, refetch } = useQuery(ordersQuery);
  usePageTitle(t("bookings.title"));

  return (
    <div className="mx-auto grid max-w-3xl gap-6">
      <h1 className="font-display text-3xl font-bold">{t("bookings.title")}</h1>
      {isProblem(error) && error.status === 401 ? (
        <SignInFirst />
      ) : error ? (
        <Failed error={error} onRetry={() => void refetch()} />
      ) : !orders ? (
        <Loading />
      ) : orders.length === 0 ? (
        <EmptyState
          icon={<Ticket aria-hidden size={36} />}
          title={t("bookings.none")}
          action={
            <Link className={buttonStyle()} to={urls.home}>
              {t("bookings.find")}
            </Link>
          }
        >
          {t("bookings.noneText")}
        </EmptyState>
      ) : (
        <ul className="grid gap-3">
          {orders.map((order) => (
            <OrderRow key={order.id} order={order} />
          ))}
        </ul>
      )}
    </div>
  );
}

function OrderRow({ order }: { order: Order }) {
  const { t } = useTranslation();
  const { text, date, money } = useLanguage();
  return (
    <li className="relative grid gap-1 rounded-card border border-line bg-surface p-5 shadow-card hover:bg-raised">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="font-display text-lg font-bold">
          <Link to={urls.booking(order.id)} className="after:absolute after:inset-0 after:rounded-card">
            {text(order.title)}
          </Link>
        </h2>
        <OrderBadge state={order.state} />
      </div>
      <p className="text-sm text-muted">
        {date(order.starts_at, "dateTime", order.time_zone)} · {text(order.venue)}
      </p>
      <p className="text-sm text-muted tabular-nums">
        {order.reference} · {t("bookings.seats", { count: order.lines.length })} · {money(order.total)}
      </p>
    </li>
  );
}

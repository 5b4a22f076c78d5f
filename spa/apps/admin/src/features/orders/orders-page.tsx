import { Button, EmptyState } from "@anteroom/ui";
import { useQuery } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useSearchParams } from "react-router";
import { PageTitle } from "@/shared/page-title";
import { Failed, Loading } from "@/shared/states";
import { OrderFilters } from "./order-filters";
import { OrderTable } from "./order-table";
import { Pager } from "./pager";
import { ordersQuery } from "./queries";
import { isFiltered, type OrderSearch, readSearch, readTrail, withFilter, writeSearch } from "./search";

/** Orders of all buyers; what is shown is what the address says, so a colleague can be sent the link. */
export function OrdersPage() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const trail = readTrail(useLocation().state);
  const search = useMemo(() => readSearch(params), [params]);
  const orders = useQuery(ordersQuery(search));
  const go = (to: OrderSearch, trail: string[] = []) => setParams(writeSearch(to), { state: { trail } });

  return (
    <>
      <PageTitle
        title={t("order.title")}
        text={t("order.text")}
        aside={
          <Button
            variant="secondary"
            size="sm"
            busy={orders.isFetching}
            onClick={() => void orders.refetch()}
          >
            {!orders.isFetching && <RotateCw aria-hidden size={15} />}
            {t("order.refresh")}
          </Button>
        }
      />
      <OrderFilters search={search} onChange={(filter) => go(withFilter(search, filter))} />
      {orders.isError && <Failed error={orders.error} retry={() => void orders.refetch()} />}
      {orders.isPending && <Loading />}
      {orders.data && !orders.isError && (
        <>
          {orders.data.orders.length === 0 ? (
            <Nothing filtered={isFiltered(search)} />
          ) : (
            <OrderTable orders={orders.data.orders} dimmed={orders.isPlaceholderData} />
          )}
          <Pager
            search={search}
            trail={trail}
            next={orders.data.next}
            busy={orders.isPlaceholderData}
            onGo={go}
          />
        </>
      )}
    </>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  const { t } = useTranslation();
  return filtered ? (
    <EmptyState title={t("order.none")}>{t("order.noneText")}</EmptyState>
  ) : (
    <EmptyState title={t("order.noneAtAll")}>{t("order.noneAtAllText")}</EmptyState>
  );
}

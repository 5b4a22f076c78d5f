import type { AdminSchemas } from "@anteroom/api";
import { useLanguage } from "@anteroom/i18n";
import { Badge, cx, Table, Td, Th } from "@anteroom/ui";
import { createColumnHelper, tableFeatures, useTable } from "@tanstack/react-table";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

type Order = AdminSchemas["Order"];

const features = tableFeatures({});
const helper = createColumnHelper<typeof features, Order>();
const tones = {
  pending: "warn",
  confirming: "warn",
  paid: "good",
  cancelled: "bad",
  expired: "neutral",
} as const;
/** Seats named in a row; the rest is in the tooltip. */
const seatsShown = 2;

export function OrderTable({ orders, dimmed }: { orders: Order[]; dimmed: boolean }) {
  const { t } = useTranslation();
  const { money, date } = useLanguage();
  const columns = useMemo(
    () =>
      helper.columns([
        helper.accessor("reference", {
          header: t("order.reference"),
          cell: (c) => <span className="font-mono text-sm font-bold select-all">{c.getValue()}</span>,
        }),
        helper.accessor("state", {
          header: t("order.state"),
          cell: (c) => <Badge tone={tones[c.getValue()]}>{t(`order.states.${c.getValue()}`)}</Badge>,
        }),
        helper.accessor("email", { header: t("order.email") }),
        helper.accessor("show", { header: t("order.show") }),
        helper.accessor("seats", { header: t("order.seats"), cell: (c) => <Seats seats={c.getValue()} /> }),
        helper.accessor("total", { header: t("order.total"), cell: (c) => money(c.getValue()) }),
        helper.accessor("created_at", {
          header: t("order.created"),
          cell: (c) => <time dateTime={c.getValue()}>{date(c.getValue())}</time>,
        }),
      ]),
    [t, money, date],
  );
  const table = useTable({ features, columns, data: orders, getRowId: (order) => order.id });
  const aligned = (column: string) => (column === "total" ? "text-right" : undefined);

  return (
    <Table label={t("order.title")} className={cx(dimmed && "opacity-60")} aria-busy={dimmed}>
      <thead>
        {table.getHeaderGroups().map((group) => (
          <tr key={group.id}>
            {group.headers.map((header) => (
              <Th key={header.id} className={aligned(header.column.id)}>
                <table.FlexRender header={header} />
              </Th>
            ))}
          </tr>
        ))}
      </thead>
      <tbody>
        {table.getRowModel().rows.map((row) => (
          <tr key={row.id} className="last:*:border-b-0 hover:bg-raised/50">
            {row.getAllCells().map((cell) => (
              <Td key={cell.id} className={cx("whitespace-nowrap", aligned(cell.column.id))}>
                <table.FlexRender cell={cell} />
              </Td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Seats({ seats }: { seats: string[] }) {
  const { t } = useTranslation();
  const more = seats.length - seatsShown;
  return (
    <span title={seats.join("\n")}>
      {seats.slice(0, seatsShown).join(", ")}
      {more > 0 && <span className="text-muted"> {t("order.seatsMore", { count: more })}</span>}
    </span>
  );
}

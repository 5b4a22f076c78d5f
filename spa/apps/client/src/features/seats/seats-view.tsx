import { useLanguage } from "@anteroom/i18n";
import { Tabs, useToast } from "@anteroom/ui";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { usePageTitle } from "@/shared/page-title";
import { useSeatLabel } from "@/shared/seat-label";
import type { Show } from "@/shared/types";
import { urls } from "@/shared/urls";
import { BestSeats } from "./best-seats";
import type { SeatBits } from "./bitmap";
import { BuyerDialog } from "./buyer-dialog";
import { HoldProblem } from "./hold-problem";
import { SeatList } from "./seat-list";
import { SeatMap } from "./seat-map";
import { describeSeat, type SeatPlan } from "./seat-plan";
import { useSelection } from "./selection";
import { Summary } from "./summary";
import { useHold } from "./use-hold";
import { WaitingList } from "./waiting-list";

interface Props {
  show: Show;
  plan: SeatPlan;
  bits: SeatBits;
  /** There is nothing to choose. */
  soldOut: boolean;
}

/** Choosing seats, on the map, from the list or by asking for the best, and holding them. */
export function SeatsView({ show, plan, bits, soldOut }: Props) {
  const { t } = useTranslation();
  const { text } = useLanguage();
  const toast = useToast();
  const label = useSeatLabel();
  const [view, setView] = useState<"map" | "list" | "best">("map");
  const { chosen, toggle, drop } = useSelection(show.slug, show.max_per_buyer);
  const hold = useHold(show.slug, drop);
  usePageTitle(`${t("seats.title")} · ${text(show.title)}`);

  const indexes = useMemo(
    () => chosen.map((id) => plan.indexOf.get(id)).filter((index) => index !== undefined),
    [chosen, plan],
  );
  const indexSet = useMemo(() => new Set(indexes), [indexes]);
  const nameOf = (id: number) => {
    const index = plan.indexOf.get(id);
    return index === undefined ? "?" : label(describeSeat(plan, index));
  };

  // Whatever somebody else took meanwhile is taken out of the choice, and said. Not while our own hold is being made.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new state of the seats can lose one
  useEffect(() => {
    if (hold.busy) return;
    const lost = indexes.filter((index) => bits.taken(index)).map((index) => describeSeat(plan, index));
    if (lost.length === 0) return;
    drop(lost.map((seat) => seat.id));
    toast(t("seats.lost", { seats: lost.map(label).join(" · ") }), "bad");
  }, [bits]);

  const choose = (index: number) => {
    const seat = describeSeat(plan, index);
    if (bits.taken(index) && !indexSet.has(index)) return;
    hold.forget();
    if (toggle(seat.id) === "limit") toast(t("seats.limit", { max: show.max_per_buyer }));
  };

  const { wish } = hold;
  const split =
    wish && "best" in wish ? () => hold.start({ best: { ...wish.best, allow_split: true } }) : undefined;

  return (
    <div className="grid gap-6 lg:grid-cols-[1fr_21rem]">
      <div className="grid content-start gap-4">
        <Link to={urls.show(show.slug)} className="w-fit text-sm font-semibold text-muted hover:text-ink">
          ← {t("seats.back")}
        </Link>
        <div>
          <h1 className="font-display text-2xl font-bold sm:text-3xl">{text(show.title)}</h1>
          <p className="text-sm text-muted">{t("seats.hint")}</p>
        </div>
        <Legend show={show} />
        <Tabs
          label={t("seats.views")}
          value={view}
          onChange={setView}
          tabs={[
            { value: "map", label: t("seats.map") },
            { value: "list", label: t("seats.list") },
            { value: "best", label: t("best.title") },
          ]}
        >
          {view === "best" && (
            <BestSeats
              show={show}
              accessible={plan.layout.accessible.length > 0}
              busy={hold.busy}
              onFind={(best) => hold.start({ best })}
            />
          )}
          {view === "map" && (
            <SeatMap
              plan={plan}
              bits={bits}
              chosen={indexSet}
              label={t("seats.mapLabel", { venue: text(show.venue) })}
              onSeat={choose}
            />
          )}
          {view === "list" && <SeatList plan={plan} bits={bits} chosen={indexSet} onSeat={choose} />}
        </Tabs>
      </div>
      <div className="grid content-start gap-4">
        <HoldProblem error={hold.error} nameOf={nameOf} onSplit={split} />
        {soldOut && show.waiting_list && <WaitingList show={show} />}
        <Summary
          show={show}
          plan={plan}
          chosen={indexes}
          busy={hold.busy}
          onRemove={(id) => drop([id])}
          onHold={() => hold.start({ seat_ids: [...chosen] })}
        />
      </div>
      <BuyerDialog
        open={hold.askingBuyer}
        backTo={urls.seats(show.slug)}
        onClose={hold.forget}
        onReady={hold.again}
      />
    </div>
  );
}

function Legend({ show }: { show: Show }) {
  const { t } = useTranslation();
  const { text, money } = useLanguage();
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1.5 text-sm">
      {show.bands.map((band) => (
        <li key={band.id} className="flex items-center gap-2">
          <span aria-hidden className="size-3 rounded-full" style={{ background: band.colour }} />
          {text(band.name)} <span className="text-muted tabular-nums">{money(band.price)}</span>
        </li>
      ))}
      <li className="flex items-center gap-2 text-muted">
        <span aria-hidden className="size-2 rounded-full bg-muted opacity-50" />
        {t("seats.taken")}
      </li>
    </ul>
  );
}

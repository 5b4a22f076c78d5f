import { useLanguage } from "@anteroom/i18n";
import { Button, Card } from "@anteroom/ui";
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useSeatLabel } from "@/shared/seat-label";
import type { Show } from "@/shared/types";
import { describeSeat, type SeatPlan } from "./seat-plan";
import { totalOf } from "./total";

interface Props {
  show: Show;
  plan: SeatPlan;
  /** Indexes, in the order they were chosen. */
  chosen: number[];
  busy: boolean;
  onRemove: (seatId: number) => void;
  onHold: () => void;
}

/** The chosen seats, their price, and the button that makes them the buyer's for a while. */
export function Summary({ show, plan, chosen, busy, onRemove, onHold }: Props) {
  const { t } = useTranslation();
  const { text, money, duration } = useLanguage();
  const label = useSeatLabel();
  const seats = chosen.map((index) => describeSeat(plan, index));
  const total = totalOf(seats.map((seat) => seat.band.price));
  return (
    <Card className="grid h-fit gap-4 lg:sticky lg:top-6">
      <h2 className="text-lg font-bold">{t("seats.summary")}</h2>
      {seats.length === 0 && (
        <p className="text-sm text-muted">{t("seats.noneYet", { max: show.max_per_buyer })}</p>
      )}
      <ul className="grid gap-2" aria-live="polite">
        {seats.map((seat) => (
          <li key={seat.id} className="flex items-center gap-3 rounded-xl bg-raised py-1.5 pr-1.5 pl-3">
            <span
              aria-hidden
              className="size-3 shrink-0 rounded-full"
              style={{ background: seat.band.colour }}
            />
            <span className="min-w-0 flex-1 text-sm">
              <strong className="block">{label(seat)}</strong>
              <span className="text-muted">
                {text(seat.band.name)} · {money(seat.band.price)}
                {seat.mark && ` · ${t(`seats.marks.${seat.mark}`)}`}
              </span>
            </span>
            <Button
              variant="ghost"
              size="icon"
              aria-label={t("seats.remove", { seat: label(seat) })}
              onClick={() => onRemove(seat.id)}
            >
              <X aria-hidden size={16} />
            </Button>
          </li>
        ))}
      </ul>
      {total && (
        <p className="flex items-baseline justify-between border-t border-line pt-3">
          {t("seats.total")}
          <strong className="text-xl tabular-nums">{money(total)}</strong>
        </p>
      )}
      <Button size="lg" disabled={seats.length === 0} busy={busy} onClick={onHold}>
        {t("seats.hold")}
      </Button>
      <p className="text-sm text-muted">
        {t("seats.holdHint", { time: duration(show.hold_seconds * 1000) })}
      </p>
    </Card>
  );
}

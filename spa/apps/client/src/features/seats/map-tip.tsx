import { useLanguage } from "@anteroom/i18n";
import { useTranslation } from "react-i18next";
import { useSeatLabel } from "@/shared/seat-label";
import type { SeatBits } from "./bitmap";
import type { Point } from "./hull";
import type { Target } from "./map-controller";
import { describeSeat, freeSeats, type SeatPlan } from "./seat-plan";

interface Props {
  plan: SeatPlan;
  bits: SeatBits;
  chosen: ReadonlySet<number>;
  target: NonNullable<Target>;
  at: Point;
}

/** The name and price of what is under the mouse; the list says the same to who has none. */
export function MapTip({ plan, bits, chosen, target, at }: Props) {
  const { t } = useTranslation();
  const { text, money, count } = useLanguage();
  const label = useSeatLabel();
  const seat = "seat" in target ? describeSeat(plan, target.seat) : undefined;
  const band = "seat" in target ? seat?.band : target.section.band;
  const note =
    "section" in target
      ? t("seats.left", { seats: count(freeSeats(target.section, bits)) })
      : chosen.has(target.seat)
        ? t("seats.yours")
        : bits.taken(target.seat)
          ? t("seats.taken")
          : "";
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute z-10 -translate-x-1/2 -translate-y-full rounded-xl bg-ink px-3 py-2 text-xs whitespace-nowrap text-page shadow-card"
      style={{ left: at.x, top: at.y - 14 }}
    >
      <p className="font-bold">{seat ? label(seat) : "section" in target && target.section.name}</p>
      {band && (
        <p className="flex items-center gap-1.5">
          <span className="size-2.5 rounded-full" style={{ background: band.colour }} />
          {text(band.name)} · {money(band.price)}
        </p>
      )}
      {note && <p className="opacity-80">{note}</p>}
    </div>
  );
}

import { useLanguage } from "@anteroom/i18n";
import { Card, cx, Field, Select } from "@anteroom/ui";
import { Accessibility, Check } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SeatBits } from "./bitmap";
import { freeSeats, rowsOf, type SeatMark, type SeatPlan } from "./seat-plan";

interface Props {
  plan: SeatPlan;
  bits: SeatBits;
  chosen: ReadonlySet<number>;
  onSeat: (index: number) => void;
}

/** The hall as section, row and seat: everything the map offers, for keyboards and screen readers. */
export function SeatList({ plan, bits, chosen, onSeat }: Props) {
  const { t } = useTranslation();
  const { count, money } = useLanguage();
  const [sectionName, setSectionName] = useState("");
  const [rowName, setRowName] = useState("");
  // Starts where there is something to be had.
  const section =
    plan.sections.find(({ name }) => name === sectionName) ??
    plan.sections.find((one) => freeSeats(one, bits) > 0) ??
    plan.sections[0];
  const rows = useMemo(() => (section ? [...rowsOf(plan, section)] : []), [plan, section]);
  const free = (seats: number[]) => seats.filter((index) => !bits.taken(index)).length;
  const row = rows.find(([name]) => name === rowName) ?? rows.find(([, seats]) => free(seats) > 0) ?? rows[0];

  return (
    <Card className="grid content-start gap-5">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("seats.section")}>
          {(control) => (
            <Select
              {...control}
              value={section?.name}
              onChange={(event) => {
                setSectionName(event.target.value);
                setRowName("");
              }}
            >
              {plan.sections.map((one) => (
                <option key={one.name} value={one.name}>
                  {t("seats.sectionOption", {
                    name: one.name,
                    price: money(one.band.price),
                    seats: count(freeSeats(one, bits)),
                  })}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t("seats.row")}>
          {(control) => (
            <Select {...control} value={row?.[0]} onChange={(event) => setRowName(event.target.value)}>
              {rows.map(([name, seats]) => (
                <option key={name} value={name}>
                  {t("seats.rowOption", { name, seats: count(free(seats)) })}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      {row && (
        <fieldset className="grid gap-2">
          <legend className="mb-2 text-sm font-semibold">{t("seats.seatsOfRow", { name: row[0] })}</legend>
          <div className="flex flex-wrap gap-2">
            {row[1].map((index) => (
              <SeatButton
                key={index}
                number={plan.layout.seats.number[index] ?? ""}
                taken={bits.taken(index)}
                chosen={chosen.has(index)}
                mark={plan.marks.get(index)}
                onClick={() => onSeat(index)}
              />
            ))}
          </div>
        </fieldset>
      )}
    </Card>
  );
}

interface SeatButtonProps {
  number: string;
  taken: boolean;
  chosen: boolean;
  mark: SeatMark | undefined;
  onClick: () => void;
}

function SeatButton({ number, taken, chosen, mark, onClick }: SeatButtonProps) {
  const { t } = useTranslation();
  const unavailable = taken && !chosen;
  const words = [
    t("seats.seatOption", { number }),
    mark && t(`seats.marks.${mark}`),
    unavailable && t("seats.taken"),
  ];
  return (
    <button
      type="button"
      aria-pressed={chosen}
      disabled={unavailable}
      onClick={onClick}
      aria-label={words.filter(Boolean).join(", ")}
      title={mark && t(`seats.marks.${mark}`)}
      className={cx(
        "relative grid size-11 place-items-center rounded-xl border border-line text-sm font-semibold tabular-nums hover:bg-raised",
        chosen && "border-ink bg-ink text-page hover:bg-ink",
        unavailable && "text-muted line-through opacity-60 hover:bg-transparent",
      )}
    >
      {chosen ? <Check aria-hidden size={18} /> : number}
      {mark && (
        <span aria-hidden className="absolute right-0.5 bottom-0.5">
          {mark === "wheelchair" ? <Accessibility size={12} /> : "*"}
        </span>
      )}
    </button>
  );
}

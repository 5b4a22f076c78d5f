import { useLanguage } from "@anteroom/i18n";
import { Field, Select } from "@anteroom/ui";
import { useTranslation } from "react-i18next";
import type { Show } from "@/shared/types";

/** The most that one call takes. */
const most = 10;

interface Props {
  show: Show;
  value: number;
  onChange: (value: number) => void;
}

/** How many seats. */
export function CountField({ show, value, onChange }: Props) {
  const { t } = useTranslation();
  const counts = Array.from({ length: Math.min(show.max_per_buyer, most) }, (_, at) => at + 1);
  return (
    <Field label={t("best.count")}>
      {(control) => (
        <Select {...control} value={value} onChange={(event) => onChange(Number(event.target.value))}>
          {counts.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

/** At which price; undefined: at any. */
export function BandField({
  show,
  value,
  onChange,
}: {
  show: Show;
  value: number | undefined;
  onChange: (value: number | undefined) => void;
}) {
  const { t } = useTranslation();
  const { text, money } = useLanguage();
  return (
    <Field label={t("best.price")}>
      {(control) => (
        <Select
          {...control}
          value={value ?? ""}
          onChange={(event) => onChange(event.target.value ? Number(event.target.value) : undefined)}
        >
          <option value="">{t("best.anyPrice")}</option>
          {show.bands.map((band) => (
            <option key={band.id} value={band.id}>
              {text(band.name)} · {money(band.price)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

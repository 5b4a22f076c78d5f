import { cx, Field, Input, Select, Textarea } from "@anteroom/ui";
import { useTranslation } from "react-i18next";
import { ColourInput } from "./colour-input";
import { type Grouped, settings, stages } from "./settings";
import { useValueText } from "./use-change-text";
import type { ControlsHandle } from "./use-controls";

interface Props {
  field: Grouped;
  controls: ControlsHandle;
  error: string | undefined;
}

/** One setting, by an input of its kind, with its unit and meaning under it. */
export function SettingField({ field, controls: { state, dispatch, changes }, error }: Props) {
  const { t } = useTranslation();
  const valueText = useValueText();
  const setting = settings[field];
  const value = state.draft[field];
  const changed = changes.some((c) => c.field === field);
  const edit = (next: string) => dispatch({ type: "edit", change: { [field]: next } });
  const look = cx(changed && "border-accent");

  if (setting.kind === "switch") {
    return (
      <div className="grid gap-1.5">
        <label className={cx("flex items-center gap-2.5 text-sm font-semibold", changed && "text-accent")}>
          <input
            type="checkbox"
            className="size-5 accent-accent"
            checked={value === "true"}
            onChange={(event) => edit(String(event.target.checked))}
          />
          {t(`controls.${field}`)}
        </label>
        <p className="text-sm text-muted">{t(`hints.${field}`)}</p>
        {error && (
          <p role="alert" className="text-sm font-medium text-bad">
            {error}
          </p>
        )}
      </div>
    );
  }
  return (
    <Field label={t(`controls.${field}`)} hint={t(`hints.${field}`)} error={error}>
      {(control) => {
        if (setting.kind === "choice" || setting.kind === "stage")
          return (
            <Select
              {...control}
              className={look}
              value={value}
              onChange={(event) => edit(event.target.value)}
            >
              {(setting.kind === "stage" ? stages : setting.of).map((one) => (
                <option key={one} value={String(one)}>
                  {typeof one === "number" ? one : valueText(field, one)}
                </option>
              ))}
            </Select>
          );
        if (setting.kind === "time")
          return (
            <Input
              {...control}
              type="datetime-local"
              step={1}
              className={look}
              value={value}
              onChange={(event) => edit(wholeTime(event.target.value))}
            />
          );
        if (setting.kind === "colour")
          return <ColourInput control={control} className={look} value={value} onChange={edit} />;
        if (setting.kind === "text" && setting.long)
          return (
            <Textarea
              {...control}
              rows={2}
              className={cx("min-h-18", look)}
              value={value}
              onChange={(event) => edit(event.target.value)}
            />
          );
        return (
          <Input
            {...control}
            autoComplete="off"
            inputMode={setting.kind === "number" ? "numeric" : undefined}
            list={field === "time_zone" ? "time-zones" : undefined}
            className={cx(look, setting.kind === "number" && "tabular-nums")}
            value={value}
            onChange={(event) => edit(event.target.value)}
          />
        );
      }}
    </Field>
  );
}

/** Browsers leave out seconds that are zero; the contract wants them. */
function wholeTime(value: string): string {
  return value.length === "2026-12-01T20:00".length ? `${value}:00` : value;
}

const zones = Intl.supportedValuesOf("timeZone");

/** The names of time zones to choose from, once a page. */
export function TimeZones() {
  return (
    <datalist id="time-zones">
      {zones.map((zone) => (
        <option key={zone} value={zone} />
      ))}
    </datalist>
  );
}

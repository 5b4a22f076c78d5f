import { cx, Field } from "@anteroom/ui";
import { Minus, Plus } from "lucide-react";
import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { step } from "./changes";

interface Props {
  field: "rate_per_minute" | "max_active";
  value: string;
  changed: boolean;
  error: string | undefined;
  onChange: (value: string) => void;
}

/**
 * A large number with − and +, also on the arrow keys. It is text and not type=number: a wheel turned over it
 * must not change a live sale, and "12,000" may be typed.
 */
export function NumberField({ field, value, changed, error, onChange }: Props) {
  const { t } = useTranslation();
  const less = step(value, -1, field);
  const more = step(value, 1, field);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    onChange(event.key === "ArrowUp" ? more : less);
  };
  const button = "grid size-10 shrink-0 place-items-center rounded-lg hover:bg-raised disabled:opacity-50";
  return (
    <Field label={t(`controls.${field}`)} error={error}>
      {(control) => (
        <div
          className={cx(
            "flex items-center rounded-xl border border-line bg-surface p-0.5 focus-within:outline-3 focus-within:outline-accent",
            changed && "border-accent",
            error && "border-bad",
          )}
        >
          <button
            type="button"
            tabIndex={-1}
            className={button}
            aria-label={t("controls.less", { value: less })}
            onClick={() => onChange(less)}
          >
            <Minus aria-hidden size={18} />
          </button>
          <input
            {...control}
            inputMode="numeric"
            autoComplete="off"
            enterKeyHint="done"
            value={value}
            onFocus={(event) => event.target.select()}
            onChange={(event) => onChange(event.target.value)}
            onKeyDown={onKeyDown}
            className="h-12 w-full min-w-0 bg-transparent text-center text-xl font-extrabold tabular-nums outline-none"
          />
          <button
            type="button"
            tabIndex={-1}
            className={button}
            aria-label={t("controls.more", { value: more })}
            onClick={() => onChange(more)}
          >
            <Plus aria-hidden size={18} />
          </button>
        </div>
      )}
    </Field>
  );
}

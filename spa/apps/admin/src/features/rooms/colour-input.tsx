import { cx, Input } from "@anteroom/ui";
import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  control: ComponentProps<"input">;
  value: string;
  className: string;
  onChange: (value: string) => void;
}

/** A colour as text, which can be empty, with the browser's own way to pick one beside it. */
export function ColourInput({ control, value, className, onChange }: Props) {
  const { t } = useTranslation();
  const set = /^#[0-9a-f]{6}$/.test(value);
  return (
    <div className="flex gap-2">
      <Input
        {...control}
        autoComplete="off"
        spellCheck={false}
        placeholder="#1a2b3c"
        className={cx("font-mono", className)}
        value={value}
        onChange={(event) => onChange(event.target.value.trim().toLowerCase())}
      />
      <input
        type="color"
        aria-label={t("controls.pickColour")}
        value={set ? value : "#808080"}
        onChange={(event) => onChange(event.target.value.toLowerCase())}
        className={cx(
          "h-11 w-14 shrink-0 cursor-pointer rounded-xl border border-line bg-surface p-1 disabled:cursor-default disabled:opacity-60",
          !set && "opacity-40",
        )}
      />
    </div>
  );
}

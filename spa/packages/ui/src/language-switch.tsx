import { Languages } from "lucide-react";

interface Props<T extends string> {
  label: string;
  value: T;
  /** Each named in its own language. */
  options: { value: T; label: string }[];
  onChange: (value: T) => void;
}

/** Chooses the language of the page. */
export function LanguageSwitch<T extends string>({ label, value, options, onChange }: Props<T>) {
  return (
    <label className="flex h-11 items-center gap-1.5 rounded-full px-1.5 text-sm font-semibold text-muted hover:bg-raised sm:px-3">
      <Languages aria-hidden size={17} className="max-sm:hidden" />
      <span className="sr-only">{label}</span>
      <select
        value={value}
        onChange={(event) => onChange(event.target.value as T)}
        className="h-9 bg-transparent pr-1 text-ink *:bg-surface"
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} lang={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}

import { type ComponentProps, type ReactNode, useId } from "react";
import { cx } from "./cx";

const box =
  "w-full rounded-xl border border-line bg-surface px-3.5 text-ink placeholder:text-muted aria-invalid:border-bad disabled:opacity-60";

/** A text field. */
export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input {...rest} className={cx(box, "h-11", className)} />;
}

/** A choice from a list. */
export function Select({ className, ...rest }: ComponentProps<"select">) {
  return <select {...rest} className={cx(box, "h-11 pr-8", className)} />;
}

/** A text of several lines. */
export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea {...rest} className={cx(box, "min-h-24 py-2.5", className)} />;
}

/** What a control needs to be tied to its label, hint and error. */
interface ControlProps {
  id: string;
  "aria-invalid": boolean;
  "aria-describedby": string | undefined;
}

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  className?: string;
  /** Draws the control; spread what it is given onto the input. */
  children: (control: ControlProps) => ReactNode;
}

/** A label, a control, and under it a hint and what is wrong. */
export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId();
  const describedBy = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return (
    <div className={cx("grid gap-1.5", className)}>
      <label htmlFor={id} className="text-sm font-semibold">
        {label}
      </label>
      {children({ id, "aria-invalid": Boolean(error), "aria-describedby": describedBy || undefined })}
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-sm font-medium text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

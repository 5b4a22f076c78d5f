import { Field, Input } from "@anteroom/ui";
import type { ComponentProps } from "react";
import type { UseFormRegisterReturn } from "react-hook-form";

interface Props {
  label: string;
  hint?: string;
  error?: string;
  /** What react-hook-form's register returned. */
  registered: UseFormRegisterReturn;
  input: ComponentProps<"input">;
}

/** A labelled input of a form. */
export function FormField({ label, hint, error, registered, input }: Props) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => <Input {...input} {...control} {...registered} />}
    </Field>
  );
}

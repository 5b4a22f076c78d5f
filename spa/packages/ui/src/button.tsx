import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cx } from "./cx";
import { Spinner } from "./spinner";

/** The look of a button; put it on a link that leads somewhere. */
export const buttonStyle = cva(
  "inline-flex items-center justify-center gap-2 rounded-full font-semibold whitespace-nowrap transition-colors disabled:opacity-55 aria-disabled:opacity-55",
  {
    variants: {
      variant: {
        primary: "bg-accent text-on-accent hover:bg-accent-strong",
        secondary: "border border-line bg-surface text-ink hover:bg-raised",
        ghost: "text-ink hover:bg-raised",
        danger: "bg-bad text-page hover:opacity-90",
      },
      size: {
        sm: "h-9 px-3.5 text-sm",
        md: "h-11 px-5 text-sm",
        lg: "h-13 px-7 text-base",
        icon: "size-11",
      },
    },
    defaultVariants: { variant: "primary", size: "md" },
  },
);

interface Props extends ComponentProps<"button">, VariantProps<typeof buttonStyle> {
  /** Shows a spinner and takes no further clicks. */
  busy?: boolean;
}

/** A button; `type` is "button" unless said otherwise. */
export function Button({ variant, size, busy = false, className, disabled, children, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={cx(buttonStyle({ variant, size }), className)}
    >
      {busy && <Spinner size={16} />}
      {children}
    </button>
  );
}

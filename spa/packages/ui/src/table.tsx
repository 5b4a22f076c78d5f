import type { ComponentProps } from "react";
import { cx } from "./cx";

/** A table that scrolls sideways by itself on a narrow screen; `label` names the region for screen readers. */
export function Table({ label, className, ...rest }: ComponentProps<"table"> & { label: string }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto rounded-card border border-line bg-surface"
    >
      <table {...rest} className={cx("w-full border-collapse text-sm", className)} />
    </section>
  );
}

/** A heading cell. */
export function Th({ className, ...rest }: ComponentProps<"th">) {
  return (
    <th
      scope="col"
      {...rest}
      className={cx(
        "border-b border-line px-4 py-3 text-left font-semibold whitespace-nowrap text-muted",
        className,
      )}
    />
  );
}

/** A cell. */
export function Td({ className, ...rest }: ComponentProps<"td">) {
  return (
    <td {...rest} className={cx("border-b border-line px-4 py-3 align-middle tabular-nums", className)} />
  );
}

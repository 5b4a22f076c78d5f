import type { ComponentProps } from "react";
import { cx } from "./cx";

/** A raised surface. */
export function Card({ className, ...rest }: ComponentProps<"div">) {
  return (
    <div {...rest} className={cx("rounded-card border border-line bg-surface p-5 shadow-card", className)} />
  );
}

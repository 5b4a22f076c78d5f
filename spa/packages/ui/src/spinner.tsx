import { LoaderCircle } from "lucide-react";
import { cx } from "./cx";

/** A turning circle; with a label it is announced, without one it is decoration. */
export function Spinner({
  size = 20,
  label,
  className,
}: {
  size?: number;
  label?: string;
  className?: string;
}) {
  return (
    <span
      role={label ? "status" : undefined}
      className={cx("inline-flex items-center gap-2 text-muted", className)}
    >
      <LoaderCircle aria-hidden size={size} className="animate-spin" />
      {label}
    </span>
  );
}

/** Holds the place of content that is on its way. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cx("animate-pulse rounded-card bg-raised", className)} />;
}

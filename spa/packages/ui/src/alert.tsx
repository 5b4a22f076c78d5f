import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./cx";

const kinds = {
  info: { icon: Info, style: "bg-accent-soft text-accent-strong" },
  good: { icon: CircleCheck, style: "bg-good-soft text-good" },
  warn: { icon: TriangleAlert, style: "bg-warn-soft text-warn" },
  bad: { icon: CircleAlert, style: "bg-bad-soft text-bad" },
};

interface Props {
  kind?: keyof typeof kinds;
  title?: ReactNode;
  children?: ReactNode;
  /** A button that helps. */
  action?: ReactNode;
  className?: string;
}

/** Something the reader should know; what is bad is announced at once, the rest politely. */
export function Alert({ kind = "info", title, children, action, className }: Props) {
  const { icon: Icon, style } = kinds[kind];
  return (
    <div
      role={kind === "bad" ? "alert" : "status"}
      className={cx("flex flex-wrap items-start gap-3 rounded-xl px-4 py-3 text-sm", style, className)}
    >
      <Icon aria-hidden size={18} className="mt-0.5 shrink-0" />
      <div className="min-w-0 flex-1">
        {title && <p className="font-bold">{title}</p>}
        {children}
      </div>
      {action}
    </div>
  );
}

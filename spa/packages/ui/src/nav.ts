import { cva } from "class-variance-authority";

/** The look of a link in the header; the router's own link component carries it. */
export const navItemStyle = cva(
  "inline-flex h-11 items-center gap-2 rounded-full px-2.5 text-sm font-semibold whitespace-nowrap sm:px-3.5 hover:bg-raised",
  {
    variants: { current: { true: "bg-accent-soft text-accent-strong", false: "text-muted" } },
    defaultVariants: { current: false },
  },
);

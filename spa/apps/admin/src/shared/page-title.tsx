import type { ReactNode } from "react";

/** The head of a page; React lifts the title into the document's head. */
export function PageTitle({ title, text, aside }: { title: string; text?: string; aside?: ReactNode }) {
  return (
    <div className="mb-6 flex flex-wrap items-end justify-between gap-4">
      <title>{`${title} · Anteroom`}</title>
      <div>
        <h1 className="text-2xl font-extrabold tracking-tight">{title}</h1>
        {text && <p className="mt-1 text-muted">{text}</p>}
      </div>
      {aside}
    </div>
  );
}

import { Card } from "@anteroom/ui";
import { type ReactNode, useEffect } from "react";

/** The card a form stands in, and a way to the other form under it. */
export function Frame({ title, children, below }: { title: string; children: ReactNode; below: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Anteroom`;
  }, [title]);
  return (
    <div className="mx-auto grid max-w-md gap-5 py-4 sm:py-10">
      <Card className="grid gap-6 p-7">
        <h1 className="font-display text-3xl font-bold">{title}</h1>
        {children}
      </Card>
      <p className="text-center text-sm text-muted">{below}</p>
    </div>
  );
}

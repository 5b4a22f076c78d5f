import type { ReactNode } from "react";
import { Logo } from "./logo";

interface Props {
  /** Where the logo leads. */
  home: string;
  /** Said after the logo: "Back office", "Account". */
  area?: ReactNode;
  skipLabel: string;
  nav?: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
}

/** The frame of a page: skip link, header, main, footer. Nothing but the content is printed. */
export function Shell({ home, area, skipLabel, nav, children, footer }: Props) {
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only z-50 rounded-full bg-accent px-4 py-2 text-on-accent focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        {skipLabel}
      </a>
      <header className="border-b border-line bg-surface print:hidden">
        <div className="mx-auto flex min-h-16 w-full max-w-6xl flex-wrap items-center justify-between gap-x-6 gap-y-1 px-4 py-2 sm:px-6">
          <a
            href={home}
            className="flex items-center gap-2.5 rounded-lg text-lg font-extrabold tracking-tight"
          >
            <Logo size={30} />
            Anteroom
            {area && <span className="text-sm font-semibold text-muted">{area}</span>}
          </a>
          {nav && <div className="-ml-2.5 flex flex-wrap items-center gap-1">{nav}</div>}
        </div>
      </header>
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto w-full max-w-6xl flex-1 px-4 py-8 outline-none sm:px-6"
      >
        {children}
      </main>
      {footer && (
        <footer className="border-t border-line py-6 text-center text-sm text-muted print:hidden">
          {footer}
        </footer>
      )}
    </div>
  );
}

import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from "react";
import { cx } from "./cx";

type Tone = "info" | "good" | "bad";
type Show = (message: string, tone?: Tone) => void;

const Context = createContext<Show>(() => undefined);
const visibleMs = 6000;

/** Shows short messages at the foot of the page, announced politely, gone after six seconds. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<{ id: number; message: string; tone: Tone }[]>([]);
  const next = useRef(0);

  const show = useCallback<Show>((message, tone = "info") => {
    const id = next.current++;
    setToasts((all) => [...all.slice(-2), { id, message, tone }]);
    setTimeout(() => setToasts((all) => all.filter((toast) => toast.id !== id)), visibleMs);
  }, []);

  return (
    <Context value={show}>
      {children}
      <div
        aria-live="polite"
        className="pointer-events-none fixed inset-x-0 bottom-4 z-50 grid justify-items-center gap-2 px-4 print:hidden"
      >
        {toasts.map((toast) => (
          <p
            key={toast.id}
            className={cx(
              "pointer-events-auto max-w-lg rounded-2xl px-5 py-3 text-sm font-semibold shadow-card",
              { info: "bg-ink text-page", good: "bg-good text-page", bad: "bg-bad text-page" }[toast.tone],
            )}
          >
            {toast.message}
          </p>
        ))}
      </div>
    </Context>
  );
}

/** Gives the function that shows a message. */
export function useToast(): Show {
  return useContext(Context);
}

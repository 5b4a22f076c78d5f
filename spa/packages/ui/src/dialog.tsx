import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { Button } from "./button";

interface Props {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  /** The name of the button with the cross. */
  closeLabel: string;
  children: ReactNode;
  /** Buttons at the bottom. */
  footer?: ReactNode;
}

/** A modal dialog on the platform's own element: it traps the focus, closes on Escape and gives the focus back. */
export function Dialog({ open, onClose, title, closeLabel, children, footer }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();

  useEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    if (open && !dialog.open) dialog.showModal();
    if (!open && dialog.open) dialog.close();
  }, [open]);

  return (
    <dialog
      ref={ref}
      aria-labelledby={id}
      // The platform tells of every closing; only the reader's own (Escape) is news to who holds `open`.
      onClose={() => open && onClose()}
      className="w-[min(32rem,calc(100vw-2rem))] rounded-card border border-line bg-surface p-0 text-ink shadow-card"
    >
      {open && (
        <div className="grid gap-4 p-6">
          <div className="flex items-start justify-between gap-4">
            <h2 id={id} className="text-lg font-bold">
              {title}
            </h2>
            <Button
              variant="ghost"
              size="icon"
              className="-mt-2 -mr-2"
              aria-label={closeLabel}
              onClick={onClose}
            >
              <X aria-hidden size={18} />
            </Button>
          </div>
          {children}
          {footer && <div className="flex flex-wrap justify-end gap-2 pt-2">{footer}</div>}
        </div>
      )}
    </dialog>
  );
}

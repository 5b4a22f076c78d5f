import { Button, Card } from "@anteroom/ui";
import { Sparkles } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Show } from "@/shared/types";
import { BandField, CountField } from "./count-field";
import type { Best } from "./queries";

interface Props {
  show: Show;
  /** Whether the hall has places for wheelchairs. */
  accessible: boolean;
  busy: boolean;
  onFind: (best: Best) => void;
}

/** Leaves the choice to the service: so many seats side by side, as near to the stage as there are. */
export function BestSeats({ show, accessible, busy, onFind }: Props) {
  const { t } = useTranslation();
  const [count, setCount] = useState(Math.min(2, show.max_per_buyer));
  const [band, setBand] = useState<number>();
  const [wheelchair, setWheelchair] = useState(false);
  const find = (event: FormEvent) => {
    event.preventDefault();
    onFind({ count, ...(band && { band_id: band }), ...(wheelchair && { accessible: true }) });
  };
  return (
    <Card>
      <form onSubmit={find} className="grid gap-5">
        <p className="text-sm text-muted">{t("best.text")}</p>
        <div className="grid gap-4 sm:grid-cols-2">
          <CountField show={show} value={count} onChange={setCount} />
          <BandField show={show} value={band} onChange={setBand} />
        </div>
        {accessible && (
          <label className="flex items-center gap-2.5 text-sm font-semibold">
            <input
              type="checkbox"
              className="size-5 accent-accent"
              checked={wheelchair}
              onChange={(event) => setWheelchair(event.target.checked)}
            />
            {t("best.wheelchair")}
          </label>
        )}
        <Button type="submit" size="lg" busy={busy} className="w-fit">
          <Sparkles aria-hidden size={18} />
          {t("best.find")}
        </Button>
      </form>
    </Card>
  );
}

import { Button } from "@anteroom/ui";
import { Maximize, Minus, Plus } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SeatBits } from "./bitmap";
import { attachGestures } from "./gestures";
import type { Point } from "./hull";
import { MapController, type Target } from "./map-controller";
import { MapTip } from "./map-tip";
import type { SeatPlan } from "./seat-plan";

interface Props {
  plan: SeatPlan;
  bits: SeatBits;
  /** Indexes of chosen seats. */
  chosen: ReadonlySet<number>;
  /** Says what the map is, and where the way without a pointer is. */
  label: string;
  onSeat: (index: number) => void;
}

/** The hall on a canvas: sections first, seats when close. */
export function SeatMap({ plan, bits, chosen, label, onSeat }: Props) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const map = useRef<MapController>(null);
  const [tip, setTip] = useState<{ target: Target; at: Point }>();
  const stageText = t("seats.stage");
  // What the listeners need of the last render, so that they are attached once a hall and not once a render.
  const latest = useRef({ bits, chosen, stageText, onSeat });
  latest.current = { bits, chosen, stageText, onSeat };

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const controller = new MapController(element, { ...latest.current, plan, hover: -1 });
    map.current = controller;
    const detach = attachGestures(element, {
      pan: (dx, dy) => controller.pan(dx, dy),
      zoom: (factor, at) => controller.zoom(factor, at),
      tap: (at) => {
        const target = controller.target(at);
        if (target && "seat" in target) latest.current.onSeat(target.seat);
        if (target && "section" in target) controller.open(target.section, at);
      },
      hover: (at) => {
        const target = at && controller.target(at);
        controller.update({ hover: target && "seat" in target ? target.seat : -1 });
        element.style.cursor = target ? "pointer" : "grab";
        setTip(at && target ? { target, at } : undefined);
      },
    });
    return () => {
      detach();
      controller.dispose();
      map.current = null;
    };
  }, [plan]);

  useEffect(() => map.current?.update({ bits, chosen, stageText }), [bits, chosen, stageText]);

  return (
    <div className="relative">
      <canvas
        ref={canvas}
        role="img"
        aria-label={label}
        className="h-[min(68vh,46rem)] min-h-90 w-full touch-none rounded-card border border-line bg-surface select-none"
      />
      <div className="absolute top-3 right-3 grid gap-2">
        <Button
          variant="secondary"
          size="icon"
          aria-label={t("seats.zoomIn")}
          onClick={() => map.current?.zoom(1.6)}
        >
          <Plus aria-hidden size={18} />
        </Button>
        <Button
          variant="secondary"
          size="icon"
          aria-label={t("seats.zoomOut")}
          onClick={() => map.current?.zoom(1 / 1.6)}
        >
          <Minus aria-hidden size={18} />
        </Button>
        <Button
          variant="secondary"
          size="icon"
          aria-label={t("seats.fit")}
          onClick={() => map.current?.fit()}
        >
          <Maximize aria-hidden size={18} />
        </Button>
      </div>
      {tip?.target && <MapTip plan={plan} bits={bits} chosen={chosen} target={tip.target} at={tip.at} />}
    </div>
  );
}

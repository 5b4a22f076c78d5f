import { Alert } from "@anteroom/ui";
import { ChevronLeft } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "@/shared/urls";
import { ControlPanel } from "./control-panel";
import { Figures } from "./figures";
import { HealthBadge } from "./health-badge";
import { LineActions } from "./line-actions";
import type { Room } from "./live";
import { RoomCharts } from "./room-charts";
import { TimeZones } from "./setting-field";
import { StateBadges } from "./state-badges";
import { useLiveRoom } from "./use-live-room";

/** Figures, curves and controls of one room, from a first answer on. */
export function LiveRoom({ first }: { first: Room }) {
  const { t } = useTranslation();
  const live = useLiveRoom(first);
  const room = live.room ?? first;
  return (
    <div className="grid gap-5">
      <title>{`${room.room} · Anteroom`}</title>
      <header className="flex flex-wrap items-center justify-between gap-3">
        <div className="flex items-center gap-3">
          <Link
            to={paths.rooms}
            aria-label={t("rooms.back")}
            title={t("rooms.back")}
            className="-ml-2 rounded-full p-2 hover:bg-raised"
          >
            <ChevronLeft aria-hidden size={22} />
          </Link>
          <h1 className="text-3xl font-extrabold tracking-tight">{room.room}</h1>
          <StateBadges room={room} />
        </div>
        <HealthBadge live={live} />
      </header>
      {live.away !== null && (
        <Alert kind="bad" title={t("health.away")}>
          <p>{t("health.awayText")}</p>
          {live.away && <p>{t("problem.detail", { detail: live.away })}</p>}
        </Alert>
      )}
      <Figures room={room} />
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_25rem]">
        {/* First for the keyboard and on a narrow screen: whoever comes in a hurry comes to steer. */}
        <div className="grid gap-5 lg:col-start-2 lg:row-start-1">
          <ControlPanel room={room} />
          <LineActions room={room} />
          <TimeZones />
        </div>
        <div className="min-w-0 lg:row-start-1">
          <RoomCharts samples={live.samples} />
        </div>
      </div>
    </div>
  );
}

import { isProblem } from "@anteroom/api";
import { buttonStyle, EmptyState } from "@anteroom/ui";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { Failed, Loading } from "@/shared/states";
import { paths } from "@/shared/urls";
import { LiveRoom } from "./live-room";
import { roomQuery } from "./queries";

/** The live page of one room. */
export function RoomPage() {
  const { t } = useTranslation();
  const name = useParams().room ?? "";
  const room = useQuery(roomQuery(name));
  if (isProblem(room.error) && room.error.status === 404) {
    return (
      <EmptyState
        title={t("rooms.missing", { room: name })}
        action={
          <Link to={paths.rooms} className={buttonStyle()}>
            {t("rooms.back")}
          </Link>
        }
      >
        {t("rooms.missingText")}
      </EmptyState>
    );
  }
  if (room.data) return <LiveRoom key={name} first={room.data} />;
  return room.isError ? <Failed error={room.error} retry={() => void room.refetch()} /> : <Loading />;
}

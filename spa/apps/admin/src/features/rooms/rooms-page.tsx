import { useLanguage } from "@anteroom/i18n";
import { EmptyState, Table, Td, Th } from "@anteroom/ui";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { PageTitle } from "@/shared/page-title";
import { Failed, Loading } from "@/shared/states";
import { paths } from "@/shared/urls";
import type { Room } from "./live";
import { Meter } from "./meter";
import { ModeBadge } from "./mode-badge";
import { roomsQuery } from "./queries";

/** All rooms at a glance; each leads to its live page. */
export function RoomsPage() {
  const { t } = useTranslation();
  const rooms = useQuery(roomsQuery);
  return (
    <>
      <PageTitle title={t("rooms.title")} text={t("rooms.text")} />
      {rooms.isError && (
        <div className="mb-4">
          <Failed error={rooms.error} retry={() => void rooms.refetch()} />
        </div>
      )}
      {rooms.isPending && <Loading />}
      {rooms.data?.length === 0 && <EmptyState title={t("rooms.none")}>{t("rooms.noneText")}</EmptyState>}
      {rooms.data && rooms.data.length > 0 && (
        <Table label={t("rooms.title")}>
          <thead>
            <tr>
              <Th>{t("rooms.room")}</Th>
              <Th>{t("rooms.mode")}</Th>
              <Th className="text-right">{t("rooms.waiting")}</Th>
              <Th>{t("rooms.active")}</Th>
              <Th>{t("rooms.admitted")}</Th>
            </tr>
          </thead>
          <tbody>
            {rooms.data.map((room) => (
              <RoomRow key={room.room} room={room} />
            ))}
          </tbody>
        </Table>
      )}
    </>
  );
}

function RoomRow({ room: { room, policy, live } }: { room: Room }) {
  const { count } = useLanguage();
  return (
    <tr className="last:*:border-b-0 hover:bg-raised/50">
      <Td>
        <Link
          to={paths.room(room)}
          className="text-base font-bold text-accent-strong underline-offset-4 hover:underline"
        >
          {room}
        </Link>
      </Td>
      <Td>
        <ModeBadge mode={policy.mode} />
      </Td>
      <Td className="text-right text-base font-bold">{count(live.waiting)}</Td>
      <Td>
        <Meter value={live.active} most={policy.max_active} compact />
      </Td>
      <Td>
        <Meter value={live.admitted_last_minute} most={policy.rate_per_minute} compact />
      </Td>
    </tr>
  );
}

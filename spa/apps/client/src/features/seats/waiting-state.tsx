import { useLanguage } from "@anteroom/i18n";
import { Button, EmptyState } from "@anteroom/ui";
import { DoorOpen } from "lucide-react";
import { useTranslation } from "react-i18next";
import { leastAhead, type Place } from "./waiting";

/** Why the seats are not shown just now, and the way to the waiting room, which shows it live. */
export function WaitingState({ place }: { place: Place | null }) {
  const { t } = useTranslation();
  const { count, date } = useLanguage();
  const icon = <DoorOpen aria-hidden size={36} />;
  if (place?.ended) {
    return (
      <EmptyState icon={icon} title={t(`waiting.ended.${place.ended}`)}>
        {t(`waiting.endedText.${place.ended}`)}
      </EmptyState>
    );
  }
  const opens = place?.state === "prequeue" ? place.opens_at : undefined;
  return (
    <EmptyState
      icon={icon}
      title={opens ? t("waiting.opens", { at: date(opens) }) : t("seats.waitingTitle")}
      action={<Button onClick={() => window.location.reload()}>{t("seats.waitingAgain")}</Button>}
    >
      {text()}
    </EmptyState>
  );

  function text(): string {
    // Before the opening nobody is ahead of anybody yet.
    if (place?.state === "prequeue") return t("waiting.gathering", { number: count(place.number) });
    if (place?.state !== "waiting") return t("seats.waitingText");
    const ahead = leastAhead(sessionStorage, place);
    return t("waiting.ahead", { number: count(place.number), count: ahead, people: count(ahead) });
  }
}

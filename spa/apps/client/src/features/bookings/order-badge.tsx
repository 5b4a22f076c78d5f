import { Badge } from "@anteroom/ui";
import { useTranslation } from "react-i18next";
import type { Order } from "@/shared/types";

const tones = {
  pending: "warn",
  confirming: "accent",
  paid: "good",
  cancelled: "neutral",
  expired: "neutral",
} as const;

/** The state of an order in a word. */
export function OrderBadge({ state }: { state: Order["state"] }) {
  const { t } = useTranslation();
  return <Badge tone={tones[state]}>{t(`bookings.state.${state}`)}</Badge>;
}

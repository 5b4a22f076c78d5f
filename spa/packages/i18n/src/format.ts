import type { Language } from "./languages";

const locales: Record<Language, string> = { ko: "ko-KR", en: "en-GB" };

/** An amount in the minor unit of its currency, as the services send it. */
interface Money {
  amount: number;
  currency: string;
}

/** "₩132,000"; the number of decimals is the currency's own. */
export function formatMoney(money: Money, language: Language): string {
  const format = new Intl.NumberFormat(locales[language], {
    style: "currency",
    currency: money.currency,
    currencyDisplay: "narrowSymbol",
  });
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 0;
  return format.format(money.amount / 10 ** decimals);
}

/** "12,480". */
export function formatCount(count: number, language: Language): string {
  return new Intl.NumberFormat(locales[language]).format(count);
}

const dateStyles = {
  date: { year: "numeric", month: "long", day: "numeric", weekday: "long" },
  dateTime: {
    year: "numeric",
    month: "long",
    day: "numeric",
    weekday: "long",
    hour: "numeric",
    minute: "2-digit",
  },
  dateTimeZone: {
    year: "numeric",
    month: "long",
    day: "numeric",
    weekday: "long",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
  },
  time: { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/**
 * A moment on the clock of a place: a show is at the venue's time, wherever the reader is.
 * @param iso RFC 3339
 * @param timeZone an IANA name such as "Asia/Seoul"; the reader's own when left out
 */
export function formatDate(
  iso: string,
  language: Language,
  style: keyof typeof dateStyles = "dateTime",
  timeZone?: string,
): string {
  return new Intl.DateTimeFormat(locales[language], { ...dateStyles[style], timeZone }).format(new Date(iso));
}

/** "4:05" or "1:02:03"; never below zero, part seconds count as whole ones. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (n: number) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

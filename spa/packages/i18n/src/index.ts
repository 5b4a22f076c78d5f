export { commonEn } from "./common";
export { formatCount, formatDate, formatDuration, formatMoney } from "./format";
export { chooseLanguage, type Language, languages } from "./languages";
export { useProblemText } from "./problem-text";
export { type Messages, setUpI18n } from "./set-up";
export { useLanguage } from "./use-language";

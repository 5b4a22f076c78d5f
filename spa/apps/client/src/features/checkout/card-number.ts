/** The digits of what was typed, without the spaces and dashes people write. */
export function cardDigits(typed: string): string {
  return typed.replace(/[\s-]/g, "");
}

/** Whether it can be a card number at all; the provider decides the rest. */
export function isCardNumber(digits: string): boolean {
  return /^[0-9]{12,19}$/.test(digits);
}

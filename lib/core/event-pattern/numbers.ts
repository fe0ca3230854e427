/**
 * The number that a JSON number is, where patterns compare it as one: where a double holds all of its digits. Any other
 * (an integer beyond 2^53, more digits than a double has) is compared digit by digit, as a text is.
 */
export function comparable(literal: string): number | undefined {
  const value = Number(literal);
  return Number.isFinite(value) && sameDecimal(literal, String(value)) ? value : undefined;
}

function sameDecimal(one: string, other: string): boolean {
  if (one === other) return true;
  const [first, second] = [decimalOf(one), decimalOf(other)];
  return first.digits === second.digits && (first.digits === '' || first.exponent === second.exponent);
}

/** A number as its significant digits, signed, and the power of ten of the last one; no digits for zero. */
function decimalOf(literal: string): { readonly digits: string; readonly exponent: number } {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal) ?? [];
  const all = `${whole}${fraction}`.replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  const exponent = Number(power) - fraction.length + (all.length - digits.length);
  return { digits: digits === '' ? '' : `${sign}${digits}`, exponent };
}

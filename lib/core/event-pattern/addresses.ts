import { isIP } from 'node:net';

/** The addresses from one to another, in hexadecimal digits: eight, or 32 for IPv6. */
export interface AddressRange {
  readonly from: string;
  readonly to: string;
}

const V4 = /^\d+\.\d+\.\d+\.\d+$/;
const V6 = /^[\da-fA-F:]*:[\da-fA-F:]*$/;
const MAPPED = '00000000000000000000FFFF';

/** The digits of an address; undefined for a text that is none. Leading zeros of an IPv4 address do not count. */
export function addressDigits(text: string): string | undefined {
  if (V4.test(text)) {
    const parts = text.split('.').map(Number);
    return text.length <= 15 && parts.every((part) => part <= 255) ? hex(parts, 2) : undefined;
  }
  if (!V6.test(text) || isIP(text) !== 6) return undefined;
  const [head = '', tail] = text.split('::');
  const groups = (half: string) => (half === '' ? [] : half.split(':').map((group) => parseInt(group, 16)));
  const [first, last] = [groups(head), tail === undefined ? [] : groups(tail)];
  const digits = hex([...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last], 4);
  return digits.startsWith(MAPPED) ? digits.slice(MAPPED.length) : digits;
}

/**
 * The addresses of a network: `10.0.0.0/24`.
 * @returns what is wrong with it, for a text that is none
 */
export function networkOf(cidr: string): AddressRange | string {
  const [address = '', bits, ...more] = cidr.replace(/\/+$/, '').split('/');
  if (bits === undefined || more.length > 0) return "Malformed CIDR, one '/' required";
  if (!/^[+-]?\d{1,9}$/.test(bits)) return 'Malformed CIDR, mask bits must be an integer';
  const fixed = Number(bits);
  if (fixed < 0) return 'Malformed CIDR, mask bits must not be negative';
  const digits = addressDigits(address);
  if (digits === undefined)
    return `${V4.test(address) || V6.test(address) ? 'Invalid' : 'Nonstandard'} IP address: ${address}`;
  const size = digits.length * 4;
  if (fixed >= size) return `IPv${size === 32 ? 4 : 6} mask bits must be < ${size}`;
  const free = (1n << BigInt(size - fixed)) - 1n;
  const base = BigInt(`0x${digits}`);
  const write = (value: bigint) => value.toString(16).toUpperCase().padStart(digits.length, '0');
  return { from: write(base & ~free), to: write(base | free) };
}

/** Whether digits lie in a range, or are so far inside of it that more digits cannot lead out of it. */
export function isWithin(digits: string, { from, to }: AddressRange): boolean {
  let [low, high] = [true, true];
  for (let index = 0; index < from.length; index++) {
    const digit = digits[index];
    if (digit === undefined || !/[\dA-F]/.test(digit)) return false;
    if ((low && digit < from[index]!) || (high && digit > to[index]!)) return false;
    low &&= digit === from[index];
    high &&= digit === to[index];
    if (!low && !high) return true;
  }
  return true;
}

function hex(parts: readonly number[], length: number): string {
  return parts.map((part) => part.toString(16).toUpperCase().padStart(length, '0')).join('');
}

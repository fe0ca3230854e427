import { isIP } from 'node:net';

/**
 * The boundary addresses of networks, inside and outside: every address is in the same networks as one of them.
 * @param networks `10.0.0.0/8`, `2001:db8::/32`, or single addresses
 */
export function edgesOf(networks: readonly string[]): readonly string[] {
  const edges = networks.flatMap((network) => {
    const [address = '', prefix] = network.split('/');
    const version = isIP(address);
    if (version === 0) return [];
    const bits = version === 4 ? 32 : 128;
    const size = 1n << BigInt(bits - Number(prefix ?? bits));
    const start = (valueOf(address, version) / size) * size;
    return [start - 1n, start, start + size - 1n, start + size]
      .filter((value) => value >= 0n && value < 1n << BigInt(bits))
      .map((value) => addressOf(value, version));
  });
  return [...new Set(edges)];
}

function valueOf(address: string, version: number): bigint {
  const numbers = version === 4 ? address.split('.').map(Number) : groupsOf(address);
  const width = version === 4 ? 8n : 16n;
  return numbers.reduce((value, number) => (value << width) | BigInt(number), 0n);
}

function groupsOf(address: string): readonly number[] {
  const [head = '', tail] = address.split('::');
  const read = (text: string) => text.split(':').filter(Boolean).flatMap(groupOf);
  const [front, back] = [read(head), read(tail ?? '')];
  const gap = tail === undefined ? 0 : 8 - front.length - back.length;
  return [...front, ...Array.from({ length: gap }, () => 0), ...back];
}

/** The last group may be an address of version 4. */
function groupOf(text: string): readonly number[] {
  if (!text.includes('.')) return [Number.parseInt(text, 16)];
  const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number);
  return [a * 256 + b, c * 256 + d];
}

function addressOf(value: bigint, version: number): string {
  const [width, count, radix] = version === 4 ? [8n, 4, 10] : [16n, 8, 16];
  const parts = Array.from({ length: count }, (_, index) =>
    ((value >> (width * BigInt(count - 1 - index))) & ((1n << width) - 1n)).toString(radix),
  );
  return parts.join(version === 4 ? '.' : ':');
}

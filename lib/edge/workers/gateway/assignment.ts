import type { GatewayConfig } from '../../gateway-config';

/** What a client gets: a variant of each experiment, and which flags are on. */
export interface Assignment {
  /** The variant, by experiment. */
  readonly variants: Readonly<Record<string, string>>;
  /** Whether it is on, by flag. */
  readonly flags: Readonly<Record<string, boolean>>;
}

/**
 * Decides by a hash of who asks: the same client gets the same each time and everywhere, without anything being stored,
 * and a share that grows only takes clients in.
 * @param client what stays the same about the client
 */
export function assign({ experiments, flags }: GatewayConfig, client: string): Assignment {
  return {
    variants: Object.fromEntries(
      Object.entries(experiments).map(([experiment, variants]) => {
        let left = position(`experiment ${experiment}`, client);
        const chosen = Object.entries(variants).find(([, { share }]) => (left -= share) < 0);
        return [experiment, (chosen ?? Object.entries(variants).at(-1)!)[0]];
      }),
    ),
    flags: Object.fromEntries(
      Object.entries(flags).map(([flag, share]) => [flag, position(`flag ${flag}`, client) < share]),
    ),
  };
}

/** Where a client stands between 0 and 100, different for each question: FNV-1a, finished as in MurmurHash. */
function position(question: string, client: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${question} ${client}`)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32) * 100;
}

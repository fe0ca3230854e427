import type { GatewayConfig } from '../../gateway-config';

/** A client's assignment: a variant per experiment, and which flags are on. */
export interface Assignment {
  /** The variant, by experiment. */
  readonly variants: Readonly<Record<string, string>>;
  /** Whether it is on, by flag. */
  readonly flags: Readonly<Record<string, boolean>>;
}

/**
 * Assigns by a hash of the client: the same client gets the same result every time and everywhere, without stored state,
 * and a growing share only adds clients.
 * @param client stable identifier of the client
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

/** A client's position between 0 and 100, different per question: FNV-1a, finalized as in MurmurHash. */
function position(question: string, client: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${question} ${client}`)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32) * 100;
}

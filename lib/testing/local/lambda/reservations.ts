import { lambda } from '../../../core/facts';
import { grouped } from '../../../core/model/indexed';
import type { Deployed } from '../kernel/deployment';
import { number } from '../kernel/json';

/** Metadata of a function that declares the limit of its account and region. */
const DECLARED = 'lintel:accountConcurrency';

/** The function to list for reservations that an account does not have, and why. */
export interface Overbooked {
  /** The function that reserves most. */
  readonly fn: Deployed;
  readonly reason: string;
}

/**
 * Reservations that leave an account and region less than its functions must share: Lambda refuses the one that goes too far.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
export function overbooked(functions: readonly Deployed[]): readonly Overbooked[] {
  const places = grouped(functions, ({ account, region }) => [`${account}/${region}`]);
  return [...places.values()].flatMap((own) => {
    const reserving = own
      .map((fn) => ({ fn, held: number(fn.properties.ReservedConcurrentExecutions) ?? 0 }))
      .filter(({ held }) => held > 0)
      .sort((one, other) => other.held - one.held);
    const declared = own.map(({ resource }) => number(resource.metadata[DECLARED])).find((one) => one !== undefined);
    const limit = declared ?? lambda.accountConcurrency.value;
    const least = lambda.unreservedConcurrency.value;
    const sum = reserving.reduce((total, { held }) => total + held, 0);
    const [largest] = reserving;
    if (!largest || sum <= limit - least) return [];
    const all = reserving.length === 1 ? '' : `, one of ${reserving.length} that reserve ${sum} together`;
    const reason = `it reserves ${largest.held} executions${all}: AWS refuses to leave fewer than ${least} of the ${limit} that an account has${declared === undefined ? ` by default; declare a raised limit as the metadata '${DECLARED}' of a function` : ''}`;
    return [{ fn: largest.fn, reason }];
  });
}

import { lambda } from '../../core/facts';
import { displayName } from '../../core/model/display';
import type { Model, Resource } from '../../core/model/model';
import { at, eachBranch, toNumber } from '../../core/model/select';
import type { Finding } from '../rule';
import { aliasesOf, versionsOf } from './functions';
import { grouped, indexed } from '../../core/model/indexed';

/** Metadata of a function that declares the limit of its account and region: `{ "lintel:accountConcurrency": 3000 }`. */
const DECLARED = 'lintel:accountConcurrency';

/** The property that reserves concurrency. */
export const RESERVED = 'ReservedConcurrentExecutions';

const UNRESERVED = lambda.unreservedConcurrency.value;

/** The concurrency held by the functions of one account and region. */
export interface ConcurrencyPlace {
  /** The functions that hold some, largest first. */
  readonly holders: readonly { readonly fn: Resource; readonly held: number }[];
  readonly sum: number;
  /** The limit of the account and region, if a function declares it. */
  readonly declared?: number;
}

/** Every account and region of a model. Stacks without an environment are assumed to be deployed together. */
export const concurrencyPlaces = indexed((model): readonly ConcurrencyPlace[] => {
  const placeOf = (fn: Resource): string => {
    const environment = model.templates.get(fn.template)?.environment;
    return `${environment?.account ?? ''}/${environment?.region ?? ''}`;
  };
  return [...grouped(model.ofType('AWS::Lambda::Function'), (fn) => [placeOf(fn)]).values()].map((functions) => {
    const holders = functions
      .map((fn) => ({ fn, held: heldBy(model, fn) }))
      .filter(({ held }) => held > 0)
      .sort((one, other) => other.held - one.held);
    const declared = functions.map((fn) => toNumber(fn.metadata[DECLARED])).find((limit) => limit !== undefined);
    const sum = holders.reduce((total, { held }) => total + held, 0);
    return { holders, sum, ...(declared === undefined ? {} : { declared }) };
  });
});

/** The fault if functions hold more than the limit leaves them; none if it is enough. */
export function* overLimit({ holders, sum }: ConcurrencyPlace, limit: number, limitInWords: string): Iterable<Finding> {
  const [largest] = holders;
  if (!largest || sum <= limit - UNRESERVED) return;
  const first = holders.slice(0, 3).map(({ fn, held }) => `${displayName(fn)} ${held}`);
  const message =
    `holds ${largest.held} of the ${sum} executions that ${holders.length} functions hold ` +
    `(${first.join(', ')}), more than ${limit - UNRESERVED} of ${limitInWords}`;
  yield { resource: largest.fn, property: RESERVED, message };
}

/** What a function holds, in the largest branch: its reservation, or else its provisioned concurrency. */
function heldBy(model: Model, fn: Resource): number {
  const reserved = greatest(fn, RESERVED);
  if (reserved !== undefined) return reserved;
  return [...aliasesOf(model, fn), ...versionsOf(model, fn)].reduce(
    (sum, qualifier) =>
      sum + (greatest(qualifier, 'ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions') ?? 0),
    0,
  );
}

/** The largest value a property can have; undefined if none is known. */
export function greatest(resource: Resource, property: string): number | undefined {
  const values = eachBranch(at(resource, property)).flatMap(({ value }) => toNumber(value) ?? []);
  return values.length === 0 ? undefined : Math.max(...values);
}

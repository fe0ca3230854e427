import { lambda } from '../../core/facts';
import { displayName } from '../../core/model/display';
import { type Model, type Resource } from '../../core/model/model';
import { at, eachBranch, toNumber } from '../../core/model/select';
import { aliasesOf, versionsOf } from '../lookups/functions';
import { grouped } from '../lookups/indexed';
import { type Judgement, type Rule, undecided } from '../rule';

/** Metadata of a function that declares the limit of its account and region: `{ "lintel:accountConcurrency": 3000 }`. */
const DECLARED = 'lintel:accountConcurrency';

const RESERVED = 'ReservedConcurrentExecutions';
const UNRESERVED = lambda.unreservedConcurrency.value;

/** What all functions of an account and region reserve leaves the part that Lambda keeps. */
export const reservedConcurrencyBudget: Rule = {
  id: 'ReservedConcurrencyBudget',
  severity: 'warning',
  title: `Reservations leave ${UNRESERVED} executions of the account free`,
  why: 'Lambda rejects the deployment that would leave less; all other functions of the account share what is left.',
  fix: 'reserve less, use the MaximumConcurrency of mappings, or have the account’s limit raised and declare it',
  source: lambda.unreservedConcurrency.source,
  *check({ model }) {
    const places = grouped(model.ofType('AWS::Lambda::Function'), (fn) => [placeOf(model, fn)]);
    for (const functions of places.values()) yield* judge(model, functions);
  },
};

/** Stacks without an environment are deployed together, as far as a template can tell. */
function placeOf(model: Model, fn: Resource): string {
  const environment = model.templates.get(fn.template)?.environment;
  return `${environment?.account ?? ''}/${environment?.region ?? ''}`;
}

function* judge(model: Model, functions: readonly Resource[]): Iterable<Judgement> {
  const holders = functions
    .map((fn) => ({ fn, held: held(model, fn) }))
    .filter(({ held }) => held > 0)
    .sort((a, b) => b.held - a.held);
  const declared = functions.map((fn) => toNumber(fn.metadata[DECLARED])).find((limit) => limit !== undefined);
  const limit = declared ?? lambda.accountConcurrency.value;
  const sum = holders.reduce((total, { held }) => total + held, 0);
  const [largest] = holders;
  for (const fn of functions) {
    const open = at(fn, RESERVED);
    if (open !== undefined && greatest(fn, RESERVED) === undefined) yield undecided(fn, RESERVED, open);
  }
  if (!largest || sum <= limit - UNRESERVED) return;
  yield {
    resource: largest.fn,
    property: RESERVED,
    message:
      `holds ${largest.held} of the ${sum} executions that ${holders.length} functions keep for themselves ` +
      `(${holders
        .slice(0, 3)
        .map(({ fn, held }) => `${displayName(fn)} ${held}`)
        .join(', ')}), ` +
      `more than ${limit - UNRESERVED} of ${declared === undefined ? 'the usual ' : ''}${limit}`,
  };
}

/** What a function keeps for itself: its reservation, or else what is provisioned for it. */
function held(model: Model, fn: Resource): number {
  const reserved = greatest(fn, RESERVED);
  if (reserved !== undefined) return reserved;
  return [...aliasesOf(model, fn), ...versionsOf(model, fn)].reduce(
    (sum, qualifier) =>
      sum + (greatest(qualifier, 'ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions') ?? 0),
    0,
  );
}

function greatest(resource: Resource, property: string): number | undefined {
  const values = eachBranch(at(resource, property)).map(({ value }) => toNumber(value));
  return values.reduce((most, value) => (value !== undefined && value > (most ?? -1) ? value : most), undefined);
}

import { AspectPriority, Aspects } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { backgroundFunctions } from '../../lib/aws/concurrency/background';
import { type ConnectionShare, connectionShares } from '../../lib/aws/database/budget';
import { type Holding, holdingsOf, placeOf } from '../../lib/aws/concurrency/holdings';
import { checkScope } from '../../lib/aws/construct-checks';
import { check, type Check, failuresOf } from '../../lib/core/check/check';
import { either, number, record } from '../../lib/core/check/kinds';
import { checkProps, type Shape } from '../../lib/core/check/shape';
import { unreservedConcurrency } from '../../lib/core/facts/lambda';

/** Props of a `ConcurrencyBudget`. */
export interface ConcurrencyBudgetProps {
  /**
   * Account concurrency limit per region: one number for every environment of the app, or one per account and region:
   * `{ '111122223333/eu-west-1': 3000 }`. At least 10. Lambda's console shows it; 1,000 is usual, a new account may have 10.
   * @default - unknown: the sum is not checked
   * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
   */
  readonly accountLimit?: number | Readonly<Record<string, number>>;
}

/** How much of an account's concurrency a function holds. */
export interface ConcurrencyShare {
  /** Construct path of the function. */
  readonly function: string;
  /** Account and region: `111122223333/eu-west-1`. */
  readonly place: string;
  /** The reservation, if any: no other function can use this concurrency, and this one gets no more. */
  readonly reserved?: number;
  /** Execution environments kept ready. */
  readonly provisioned: number;
  /** Combined maximum concurrency of the function's queues. */
  readonly mapped: number;
}

/**
 * A budget of Lambda concurrency for a whole app: all its stacks, stages and nested stacks. At synthesis it adds up what
 * functions reserve and provision per account and region, and refuses
 * - more than the account's limit less the 100 that Lambda keeps unreserved, where the limit is declared;
 * - more provisioned than reserved concurrency for one function;
 * - queues that may invoke a function more often than it reserves: the excess messages are throttled, and each throttle
 *   moves a message closer to the dead-letter queue.
 * It never reserves unasked: in a new account, whose limit may be 10, any reservation would fail the deployment.
 * @example
 * ConcurrencyBudget.of(app, { accountLimit: 1000 }).cap(reports, 10);
 */
export class ConcurrencyBudget {
  /**
   * Declares the budget of an app; once per app.
   * @param scope the app, or any construct in it
   * @throws PatternError when a limit is not a whole number of at least 10, or the app already has a budget
   */
  static of(scope: IConstruct, props: ConcurrencyBudgetProps = {}): ConcurrencyBudget {
    checkScope('ConcurrencyBudget.of', scope);
    const app = scope.node.root;
    checkProps(scope.node.path || 'App', props, SHAPE);
    check(scope.node.path || 'App', [
      {
        prop: 'accountLimit',
        value: props.accountLimit,
        valid: () => !budgets.has(app),
        rule: 'must be declared only once per app',
        remedy: 'reuse the budget that the first ConcurrencyBudget.of() returned',
      },
    ]);
    const budget = new ConcurrencyBudget(app, props.accountLimit);
    budgets.add(app);
    return budget;
  }

  private constructor(
    private readonly app: IConstruct,
    private readonly accountLimit: ConcurrencyBudgetProps['accountLimit'],
  ) {
    check(app.node.path || 'App', limitChecks(accountLimit));
    app.node.addValidation({ validate: () => this.failures() });
    // For the rules, which only see templates.
    Aspects.of(app).add({ visit: (node) => this.declareLimit(node) }, { priority: AspectPriority.MUTATING });
  }

  /**
   * Sets a reservation on every background function in a scope that has none of its own: a cap on what each can cost and
   * take from the others. Functions behind an API, a load balancer or a function URL are left alone, and so are CDK's own
   * deployment helpers. 10 to 50 is usual.
   * @param executions most concurrent executions of each function, 0 or more; 0 stops them
   * @throws PatternError when `executions` is not a whole number of at least 0
   */
  cap(scope: IConstruct, executions: number): this {
    checkScope('ConcurrencyBudget.cap', scope);
    check(scope.node.path || 'App', [
      {
        prop: 'cap',
        value: executions,
        valid: () => Number.isInteger(executions) && executions >= 0,
        rule: 'must be a whole number, at least 0',
        remedy: 'give the most executions of each function that may run at once',
      },
    ]);
    const reserve = () => {
      for (const fn of backgroundFunctions(scope)) fn.reservedConcurrentExecutions ??= executions;
    };
    Aspects.of(scope).add(
      { visit: (node) => (node === scope ? reserve() : undefined) },
      { priority: AspectPriority.MUTATING },
    );
    return this;
  }

  /** Each function's share, largest first; functions that hold nothing are left out. Complete after synthesis. */
  shares(): ConcurrencyShare[] {
    return holdingsOf(this.app)
      .filter(({ reserved, provisioned, mapped }) => reserved !== undefined || provisioned > 0 || mapped > 0)
      .sort((a, b) => kept(b) - kept(a) || a.fn.node.path.localeCompare(b.fn.node.path))
      .map(({ fn, ...share }) => ({ function: pathOf(fn), ...share }));
  }

  /**
   * What functions take of the connections of each `PooledDatabase`: how many run at once, the share of their time spent in a
   * transaction, and so the expected number of open transactions. The database itself refuses what exceeds it. Complete after synthesis.
   */
  connections(): ConnectionShare[] {
    return connectionShares(this.app);
  }

  private failures(): string[] {
    const holdings = holdingsOf(this.app);
    const places = [...new Set(holdings.map(({ place }) => place))];
    return [
      ...holdings.flatMap((holding) => messagesOf(pathOf(holding.fn), relationChecks(holding))),
      ...places.flatMap((place) =>
        messagesOf(
          place,
          sumChecks(
            this.limitIn(place),
            place,
            holdings.filter((holding) => holding.place === place),
          ),
        ),
      ),
    ];
  }

  private declareLimit(node: IConstruct): void {
    if (!CfnFunction.isCfnFunction(node)) return;
    const limit = this.limitIn(placeOf(node));
    if (limit !== undefined) node.addMetadata('lintel:accountConcurrency', limit);
  }

  private limitIn(place: string): number | undefined {
    return typeof this.accountLimit === 'object' ? this.accountLimit[place] : this.accountLimit;
  }
}

const SHAPE: Shape<ConcurrencyBudgetProps> = {
  accountLimit: either(
    'must be a number, or one for each account and region',
    (value) => number.remedy(value),
    number,
    record(number, "{ '111122223333/eu-west-1': 1000 }"),
  ),
};

/** As functions are told apart: by account and region, and what is not known of them in words. */
const PLACE = /^(\d{12}\/[a-z]{2}(-[a-z]+)+-\d+|(.+\/)?unknown account\/.+)$/;

const budgets = new WeakSet<IConstruct>();
const UNRESERVED = unreservedConcurrency.value;

function limitChecks(accountLimit: ConcurrencyBudgetProps['accountLimit']): Check[] {
  const limits =
    typeof accountLimit === 'object'
      ? Object.entries(accountLimit).map(([place, limit]) => [`accountLimit.${place}`, limit] as const)
      : [['accountLimit', accountLimit] as const];
  const places = typeof accountLimit === 'object' ? Object.keys(accountLimit) : [];
  return [
    ...limits.map(([prop, value]) => ({
      prop,
      value,
      valid: () => value === undefined || (Number.isInteger(value) && value >= 10),
      rule: 'must be a whole number, at least 10',
      remedy: "give the account's concurrent executions in the region, as Lambda's console shows them",
    })),
    ...places.map((place) => ({
      prop: `accountLimit.${place}`,
      value: place,
      valid: () => PLACE.test(place),
      rule: 'must be keyed by account and region',
      remedy: "write it as '111122223333/eu-west-1'",
    })),
  ];
}

/** Checks of one function, whatever the account's limit. */
function relationChecks({ reserved, provisioned, mapped }: Holding): Check[] {
  return [
    {
      prop: 'warm',
      value: provisioned,
      valid: () => reserved === undefined || provisioned <= reserved,
      rule: `must be at most the reserved concurrency (${reserved})`,
      remedy: "raise 'reservedConcurrency', or keep fewer warm",
    },
    {
      prop: 'maxConcurrency',
      value: mapped,
      valid: () => reserved === undefined || mapped <= reserved,
      rule: `of all queues of the function must be at most its reserved concurrency (${reserved})`,
      remedy: "raise the reservation, or lower 'maxConcurrency'",
    },
  ];
}

/** Checks of all functions in one account and region together. */
function sumChecks(limit: number | undefined, place: string, holdings: readonly Holding[]): Check[] {
  if (limit === undefined) return [];
  const holders = holdings.filter((holding) => kept(holding) > 0).sort((a, b) => kept(b) - kept(a));
  const sum = holders.reduce((total, holder) => total + kept(holder), 0);
  const names = holders.slice(0, 5).map((holder) => `${pathOf(holder.fn)} ${kept(holder)}`);
  const more = holders.length > names.length ? `, and ${holders.length - names.length} more` : '';
  return [
    {
      prop: 'accountLimit',
      value: limit,
      valid: () => sum <= limit - UNRESERVED || holders.length === 0,
      rule: `must leave ${UNRESERVED} executions unreserved besides the ${sum} already held (${names.join(', ')}${more})`,
      remedy: `reserve at most ${Math.max(0, limit - UNRESERVED)} in ${place} in total, or have the limit raised and declare it`,
    },
  ];
}

/** A reservation includes what is provisioned within it. */
function kept({ reserved, provisioned }: Pick<Holding, 'reserved' | 'provisioned'>): number {
  return reserved ?? provisioned;
}

function pathOf(fn: CfnFunction): string {
  return fn.node.scope?.node.path ?? fn.node.path;
}

function messagesOf(path: string, checks: readonly Check[]): string[] {
  return failuresOf(checks).map(({ message }) => `${message} (${path})`);
}

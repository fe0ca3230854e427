import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { PatternError } from '../../core/errors';
import type { Place } from './place';
import type { Target } from './target';

/** What one capability allows, as IAM says it: exact actions on exact resources. */
export interface AccessStatement {
  /** Actions without wildcards: `dynamodb:GetItem`. */
  readonly actions: readonly string[];
  /** ARNs. One list Token is accepted, for resources that are known only at the end of the synthesis. */
  readonly resources: readonly string[];
  /**
   * Condition operators, keys and values.
   * @default - none
   */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /**
   * Why a resource holds a wildcard; it becomes the reason of the acknowledgement for exactly that resource.
   * @default - no resource holds one
   */
  readonly wildcard?: string;
  /**
   * The resource that it is about, for functions of other accounts and regions.
   * @default - not told: its own policy is its owner's to see to
   */
  readonly of?: () => Target;
}

/** What a capability is made of. */
export interface CapabilityProps {
  /**
   * The variables that a function needs to find the resource, by suffix of the name in `access`: `''` is the name
   * itself, `'HOST'` makes `DB_HOST` of `DB`.
   */
  readonly variables: Readonly<Record<string, string>>;
  /**
   * What variables hold for a function of another account or region, where that is something else.
   * @default - the same
   */
  readonly variablesFrom?: (place: Place) => Readonly<Record<string, string>>;
  /** What the function may do. */
  readonly statements: readonly AccessStatement[];
  /**
   * What no statement can say: a network path, a layer.
   * @default - nothing
   */
  readonly connect?: (fn: lambda.Function) => void;
  /**
   * JavaScript that the bundle of a handler begins with, by the name in `access`; it needs nothing else.
   * @default - none
   */
  readonly prelude?: (name: string) => string;
}

/**
 * What a function may do with a resource, and how it finds it: `orders.read()`. A value: it can be passed around, listed
 * and joined, and does nothing until a function names it in `access`.
 */
export class Capability {
  /** Variables by suffix; `''` is the name itself. */
  readonly variables: Readonly<Record<string, string>>;
  /** What it allows. */
  readonly statements: readonly AccessStatement[];
  private readonly places: readonly ((place: Place) => Readonly<Record<string, string>>)[];
  private readonly connectors: readonly ((fn: lambda.Function) => void)[];
  private readonly preludes: readonly ((name: string) => string)[];

  constructor(props: CapabilityProps) {
    this.variables = props.variables;
    this.statements = props.statements;
    this.places = props.variablesFrom ? [props.variablesFrom] : [];
    this.connectors = props.connect ? [props.connect] : [];
    this.preludes = props.prelude ? [props.prelude] : [];
  }

  /** Variables by suffix, for a function in that place: what its client needs of a resource of another account or region. */
  variablesFrom(place: Place): Readonly<Record<string, string>> {
    return Object.assign({ ...this.variables }, ...this.places.map((from) => from(place))) as Record<string, string>;
  }

  /** Does to a function what no statement can say. Called once for each name in its `access`. */
  connect(fn: lambda.Function): void {
    for (const connect of this.connectors) connect(fn);
  }

  /** JavaScript that a handler's bundle begins with; empty for most. */
  prelude(name: string): string {
    return this.preludes.map((prelude) => prelude(name)).join('\n');
  }

  /**
   * Both capabilities under one name: `orders.read().and(orders.delete())`.
   * @throws PatternError when they set the same variable to different values
   */
  and(other: Capability): Capability {
    for (const [suffix, value] of Object.entries(other.variables)) {
      const mine = this.variables[suffix];
      if (mine !== undefined && mine !== value) throw differentResources(mine, value);
    }
    return new Capability({
      variables: { ...this.variables, ...other.variables },
      variablesFrom: (place) => ({ ...this.variablesFrom(place), ...other.variablesFrom(place) }),
      statements: [...this.statements, ...other.statements],
      connect: (fn) => {
        this.connect(fn);
        other.connect(fn);
      },
      prelude: (name) => [this.prelude(name), other.prelude(name)].filter(Boolean).join('\n'),
    });
  }
}

/** The names by which a function finds what it may use, and what it may do with each. */
export type AccessMap = Readonly<Record<string, Capability>>;

function differentResources(mine: string, other: string): PatternError {
  const message = `'and' must join capabilities of one resource, got '${mine}' and '${other}'; give each resource its own name in 'access'`;
  return new PatternError('Capability.and', [{ prop: 'and', message }]);
}

import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { check } from '../../core/check/check';
import { PatternError } from '../../core/errors';
import type { Place } from './place';
import type { Target } from './target';

/** An IAM statement of a capability: exact actions on exact resources. */
export interface AccessStatement {
  /** Actions without wildcards: `dynamodb:GetItem`. */
  readonly actions: readonly string[];
  /** ARNs. A single list Token is accepted, for resources known only at the end of synthesis. */
  readonly resources: readonly string[];
  /**
   * Condition operators, keys and values.
   * @default - none
   */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /**
   * Why a resource contains a wildcard; becomes the reason of an acknowledgement for exactly that resource.
   * @default - no wildcards
   */
  readonly wildcard?: string;
  /**
   * The resource it concerns, for functions in other accounts and regions.
   * @default - not told: its resource policy is up to its owner
   */
  readonly of?: () => Target;
}

/** Props of a `Capability`. */
export interface CapabilityProps {
  /**
   * The variables by which a function finds the resource, by suffix of the name in `access`: `''` is the name
   * itself, `'HOST'` turns `DB` into `DB_HOST`.
   */
  readonly variables: Readonly<Record<string, string>>;
  /**
   * Values of the variables for a function in another account or region, where they differ.
   * @default - the same
   */
  readonly variablesFrom?: (place: Place) => Readonly<Record<string, string>>;
  /** What the function may do. */
  readonly statements: readonly AccessStatement[];
  /**
   * What no statement can express: a network path, a layer.
   * @default - nothing
   */
  readonly connect?: (fn: lambda.Function) => void;
  /**
   * JavaScript to prepend to a handler's bundle, given the name in `access`; must be self-contained.
   * @default - none
   */
  readonly prelude?: (name: string) => string;
}

/**
 * What a function may do with a resource, and how it finds it: `orders.read()`. A plain value: it can be passed around, listed
 * and combined, and does nothing until a function names it in `access`.
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

  /** Variables by suffix, for a function in that place: what its client needs to reach a resource in another account or region. */
  variablesFrom(place: Place): Readonly<Record<string, string>> {
    if (this.places.length === 0) return this.variables;
    return Object.assign({ ...this.variables }, ...this.places.map((from) => from(place))) as Record<string, string>;
  }

  /** Applies to a function what no statement can express. Called once per name in its `access`. */
  connect(fn: lambda.Function): void {
    for (const connect of this.connectors) connect(fn);
  }

  /** JavaScript to prepend to a handler's bundle; usually empty. */
  prelude(name: string): string {
    return this.preludes.map((prelude) => prelude(name)).join('\n');
  }

  /**
   * Both capabilities under one name: `orders.read().and(orders.delete())`.
   * @throws PatternError when they set the same variable to different values
   */
  and(other: Capability): Capability {
    check('Capability.and', [
      {
        prop: 'and',
        value: other,
        valid: () => isCapability(other),
        rule: 'must be given a capability',
        remedy: "say what else may be done: 'orders.read().and(orders.delete())'",
      },
    ]);
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

/** Whether a value is a capability, rather than the resource itself or nothing. */
export function isCapability(value: unknown): value is Capability {
  return typeof value === 'object' && value !== null && 'variables' in value && 'statements' in value;
}

/** Capabilities by the name under which the function finds each. */
export type AccessMap = Readonly<Record<string, Capability>>;

function differentResources(mine: string, other: string): PatternError {
  const message = `'and' must join capabilities of one resource, got '${mine}' and '${other}'; give each resource its own name in 'access'`;
  return new PatternError('Capability.and', [{ prop: 'and', message }]);
}

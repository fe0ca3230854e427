import type { Model } from '../../../core/model/model';
import { Names } from '../../../core/model/names';
import { Secret } from '../../../core/model/values';
import type { LocalRunOptions } from '../options';
import type { JsonObject } from './json';

/** The partition that a run emulates. */
export const PARTITION = 'aws';
/** The region and account of stacks that name none. */
export const REGION = 'us-east-1';
/** Twelve digits. */
export const ACCOUNT = '123456789012';

/** The AWS account and region that a run emulates. */
export interface RunPlace {
  /** The region of the stacks. */
  readonly region: string;
  /** The account, twelve digits. */
  readonly account: string;
}

/** Where the stacks are deployed to: as they say, otherwise as the user says. */
export function placeOf(model: Model, options: LocalRunOptions): RunPlace {
  const environments = [...model.templates.values()].map((template) => template.environment);
  return {
    region: environments.find((one) => one?.region)?.region ?? options.region ?? REGION,
    account: environments.find((one) => one?.account)?.account ?? options.account ?? ACCOUNT,
  };
}

/** Names of resources, from the templates and the responses of custom resources. */
export class RunNames {
  /** For whoever reads a template. */
  readonly names: Names;
  /** What custom resources answered, by id. */
  readonly answers = new Map<string, Readonly<Record<string, unknown>>>();

  /** @param conditions the results of conditions that the model leaves open */
  constructor(
    model: Model,
    { templateParameters }: LocalRunOptions,
    { region, account }: RunPlace,
    conditions: Readonly<Record<string, boolean>> = {},
  ) {
    this.names = new Names(model, {
      region,
      account,
      partition: PARTITION,
      ...(templateParameters && { parameters: templateParameters }),
      conditions,
      // A type missing from the table of names still needs something to be found by.
      override: ({ id }, attribute, usual) =>
        answered(this.answers.get(id)?.[attribute ?? 'Ref']) ?? usual ?? (attribute === undefined ? id : undefined),
      // A dynamic reference stays readable as what it is; lambda.ts reports the variables that hold one.
      unresolved: (value) => (value instanceof Secret ? value.source : undefined),
    });
  }

  /** Sets what `Ref` and `Fn::GetAtt` give for a custom resource. */
  answer(id: string, answer: JsonObject): void {
    this.answers.set(id, answer);
    this.names.forget();
  }
}

/** In a template, a custom resource's response values are text. */
function answered(value: unknown): string | undefined {
  return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
}

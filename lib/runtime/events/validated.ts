import type { CloudEvent } from './cloud-event';

/** Where an event's data do not match the schema. */
export interface DataFault {
  /** The type of the event. */
  readonly type: string;
  /** Index of the event among those to publish, from 0. */
  readonly index: number;
  /** JSON pointer into the data: `/lines/0/quantity`; empty for the data themselves. */
  readonly pointer: string;
  /** What is wrong, starting with its verb. */
  readonly message: string;
}

/** Event data do not match their schemas. None of the events was published. */
export class InvalidDataError extends TypeError {
  override readonly name = 'InvalidDataError';

  /** @param faults all of them */
  constructor(readonly faults: readonly DataFault[]) {
    const shown = faults
      .slice(0, MOST)
      .map(({ type, pointer, message }) => `'${type}' ${pointer || 'data'} ${message}`);
    const more = faults.length > MOST ? `; and ${faults.length - MOST} more` : '';
    super(`Nothing was published, since data do not match their schemas: ${shown.join('; ')}${more}`);
  }
}

/** Faults that a message lists. */
const MOST = 5;

interface Validator {
  (data: unknown): boolean;
  errors?:
    | readonly {
        readonly instancePath: string;
        readonly message?: string;
        readonly params: Readonly<Record<string, unknown>>;
      }[]
    | null;
}

/** Validators by name in `access` and type, put there by the start of a bundle. */
type Validators = Readonly<Record<string, Readonly<Record<string, Validator>>>>;

/**
 * Validates event data as they will be sent, if the hub validates.
 * @param name in `access`
 * @throws InvalidDataError for data that do not match the schema
 */
export function validated(events: readonly CloudEvent[], name: string): void {
  if (process.env[`${name}_VALIDATE`] !== 'true') return;
  const validators = (globalThis as { [key: symbol]: unknown })[Symbol.for('lintel.validators')] as
    | Validators
    | undefined;
  const faults = events.flatMap(({ type, data }, index) => {
    const own = validators?.[name];
    const validate = own !== undefined && Object.hasOwn(own, type) ? own[type] : undefined;
    if (validate === undefined) throw new TypeError(noValidator(type, name, own));
    if (validate(JSON.parse(JSON.stringify(data)))) return [];
    return (validate.errors ?? []).map(({ instancePath: pointer, message = 'is wrong', params }) => ({
      type,
      index,
      pointer,
      message: typeof params.additionalProperty === 'string' ? `${message}: '${params.additionalProperty}'` : message,
    }));
  });
  if (faults.length > 0) throw new InvalidDataError(faults);
}

function noValidator(type: string, name: string, own: Validators[string] | undefined): string {
  return own === undefined
    ? `'${type}' cannot be validated, since this code was not bundled with the validators of '${name}'; give the function an 'entry'`
    : `'${type}' is not one of the types that '${name}' may publish: ${Object.keys(own).join(', ')}`;
}

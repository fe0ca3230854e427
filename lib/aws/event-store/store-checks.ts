import type { Check } from '../../core/check/check';
import type { PersonalFields } from './store-access';

/** The settings of an event store that limit each other. */
export interface StoreSettings {
  /** Other regions that have a copy. */
  readonly replicas?: readonly string[];
  /** The one region in which events are appended. */
  readonly writeRegion?: string;
  /** Fields that are encrypted, by type of event. */
  readonly personal?: PersonalFields;
}

/**
 * What must hold for the settings of an event store, together.
 * @param region of its stack
 */
export function storeChecks({ replicas = [], writeRegion, personal = {} }: StoreSettings, region: string): Check[] {
  return [
    {
      prop: 'replicas',
      value: replicas,
      valid: () => replicas.length === 0 || writeRegion !== undefined,
      rule: "must not be given without 'writeRegion', since two regions can both append the same version and one of the two events vanishes",
      remedy: `set 'writeRegion' to the region of the stack, and append there only`,
    },
    {
      prop: 'writeRegion',
      value: writeRegion,
      reads: [region],
      valid: () => writeRegion === undefined || writeRegion === region,
      rule: `must be the region of the stack (${region}), where commands and keys are`,
      remedy: 'make the store in a stack of that region',
    },
    ...Object.entries(personal).map(([type, fields]) => ({
      prop: `personal.${type}`,
      value: fields,
      valid: () => fields.length > 0,
      rule: 'must name a field',
      remedy: "leave the type out, or name its fields: ['email']",
    })),
  ];
}

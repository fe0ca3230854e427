import type { JsonObject } from '../record';

/** The sections of a template that values depend on. */
export interface Sections {
  /** `Parameters`. */
  readonly parameters: JsonObject;
  /** `Mappings`. */
  readonly mappings: JsonObject;
  /** `Conditions`. */
  readonly conditions: JsonObject;
  /** `Resources`. */
  readonly resources: JsonObject;
}

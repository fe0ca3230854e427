import type { JsonRecord } from '../../kernel/json';
import type { ApiRequest } from './api-request';
import type { RestResource } from './rest-resources';
import type { VtlMap } from './vtl/values';

/** A request with the method that it reached. */
export interface RestCall {
  readonly request: ApiRequest;
  readonly resource: RestResource;
  readonly method: JsonRecord;
  /** By the name of the parameter, encoded as they came. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A call on its way to an integration and back. */
export interface IntegratedCall extends RestCall {
  readonly integration: JsonRecord;
  /** `$context` as text mappings read it. */
  readonly values: JsonRecord;
  /** `$context` of the templates: it takes their overrides, which the answer's template still sees. */
  readonly context: VtlMap;
  /** The ARN of the method, for which permissions are given. */
  readonly source: string;
}

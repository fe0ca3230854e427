import type { JsonObject } from '../../kernel/json';
import type { ApiRequest } from './api-request';
import type { RestResource } from './rest-resources';
import type { VtlMap } from './vtl/values';

/** A request with the method it reached. */
export interface RestCall {
  readonly request: ApiRequest;
  readonly resource: RestResource;
  readonly method: JsonObject;
  /** By parameter name, encoded as received. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A call to an integration, both ways. */
export interface IntegratedCall extends RestCall {
  readonly integration: JsonObject;
  /** `$context` as parameter mappings read it. */
  readonly values: JsonObject;
  /** `$context` of the templates, with their overrides, which the response template still sees. */
  readonly context: VtlMap;
  /** The ARN of the method, which permissions name. */
  readonly source: string;
}

import type { Resource } from './model';
import { type Assumptions, at, toText } from './select';
import type { Value, ValueMap } from './values';

/** The kind of API. */
export type ApiKind = 'http' | 'websocket' | 'rest';

/** A route of an API, either a separate resource or an operation in an OpenAPI document. */
export interface Route {
  /** The API; absent if it is outside the model. */
  readonly api?: Resource;
  readonly kind: ApiKind;
  /** The route in the reader's terms: `GET /orders`, `$connect`. */
  readonly key: string;
  /** The resource that describes it. */
  readonly holder: Resource;
  /** The property of its authorization. */
  readonly property: string;
  /**
   * `NONE`, or the kind of its authorization; a value known only at deployment stays as it is. Undefined in the
   * branches of a choice without the route.
   */
  readonly authorization: Value | undefined;
  /** For an operation of an OpenAPI document: what it requires in any branch, of which a call meets one. */
  readonly requirements?: readonly Requirement[];
  /** For an operation of an OpenAPI document: what it says, in its first branch. */
  readonly operation?: ValueMap;
  /** Whether a call needs an API key, which identifies no one. */
  readonly asksForKey: boolean;
  /** Whether the API itself returns a fixed answer: there is nothing behind it to protect. */
  readonly mock: boolean;
  /** What it calls: at most one per branch. */
  readonly integrations: readonly Integration[];
}

/** A security scheme with an authorizer, as an operation requires it. */
export interface Requirement {
  readonly scheme: Value;
  /** The scopes of which a token needs one; none if there are none. */
  readonly scopes: readonly Value[];
  /** The conditions of its branch. */
  readonly when: Assumptions;
}

/** The integration of a route. */
export interface Integration {
  /** The resource that describes it. */
  readonly holder: Resource;
  /** The property of `uri`. */
  readonly property: string;
  readonly uri: Value | undefined;
  /** The role that calls; absent if the service itself does. */
  readonly credentials: Value | undefined;
  /** Timeout in milliseconds; absent for the default. */
  readonly timeout: Value | undefined;
  /** Whether the response is streamed. */
  readonly streams: boolean;
}
/** The kind of an `AWS::ApiGateway::RestApi` or `AWS::ApiGatewayV2::Api`; HTTP if it is outside the model. */
export function kindOf(api: Resource | undefined): ApiKind {
  if (api?.type === 'AWS::ApiGateway::RestApi') return 'rest';
  return api && toText(at(api, 'ProtocolType')) === 'WEBSOCKET' ? 'websocket' : 'http';
}

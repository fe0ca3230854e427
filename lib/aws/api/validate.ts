import { CfnModel, type IModel, type IRestApi, type MethodOptions } from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import type { Check } from '../../core/check/check';
import { isJson, isPlain, known, list, object } from '../../core/check/kinds';
import type { Kind } from '../../core/check/shape';
import { modelSchemaProblems } from './model-schema';
import { parametersOf, type RouteKey, routeId } from './route-key';

/**
 * What API Gateway validates before it calls the function; an invalid request gets a 400.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
 */
export interface ValidateProps {
  /**
   * JSON Schema of the body, whatever its content type: draft 4, as API Gateway models are. A
   * missing body is validated as `{}`.
   * @default - any body
   */
  readonly body?: Readonly<Record<string, unknown>>;
  /**
   * Required query parameters.
   * @default - none
   */
  readonly query?: readonly string[];
  /**
   * Required headers, in the case in which clients send them.
   * @default - none
   */
  readonly headers?: readonly string[];
}

const SCHEMA: Kind = known({
  rule: 'must be a JSON Schema',
  remedy: () => "write it as { type: 'object', required: ['sku'] }",
  is: (value) => isPlain(value) && isJson(value),
  inside: (schema: Readonly<Record<string, unknown>>, prop) => [
    ...modelSchemaProblems(schema).map(({ place, rule, remedy }): Check => ({
      prop: [prop, ...place].join('.'),
      value: undefined,
      sensitive: true,
      valid: () => false,
      rule,
      remedy,
    })),
    {
      prop,
      value: Object.keys(schema),
      valid: () => Object.keys(schema).length > 0,
      rule: 'must constrain the body',
      remedy: "write it as { type: 'object', required: ['sku'] }, or remove it",
    },
  ],
});

/** API Gateway accepts no blanks in the expression of a name. */
const names = (example: string) => {
  const name: Kind = {
    rule: 'must be a name without blanks',
    remedy: () => `write it as '${example}'`,
    is: (value) => typeof value === 'string' && /^[^\s'"]+$/.test(value),
  };
  return known(list(known(name), `['${example}']`));
};

/** What to validate in a request. */
export const VALIDATE = object<ValidateProps>(
  { body: SCHEMA, query: names('page'), headers: names('idempotency-key') },
  "{ body: { type: 'object', required: ['sku'] }, query: ['page'] }",
  {
    schema: "write 'body'",
    querystring: "write 'query'",
    requestModels: "write 'body', with the schema itself",
    requestParameters: "write 'query' and 'headers'; path parameters are always present",
  },
);

/**
 * Method settings for a route's parameters, and for what the route validates.
 * @param scope of the body's model
 */
export function validation(
  scope: Construct,
  api: IRestApi,
  key: RouteKey,
  validate: ValidateProps | undefined,
): MethodOptions {
  const { body, query = [], headers = [] } = validate ?? {};
  const required = [
    ...parametersOf(key).map((name) => `path.${name}`),
    ...query.map((name) => `querystring.${name}`),
    ...headers.map((name) => `header.${name}`),
  ];
  return {
    requestParameters: Object.fromEntries(required.map((name) => [`method.request.${name}`, true])),
    ...(body && { requestModels: { [ANY_CONTENT_TYPE]: modelOf(scope, api, `${routeId(key)} Body`, body) } }),
  };
}

/** A model for one content type would let any other through unchecked. */
const ANY_CONTENT_TYPE = '$default';

/** The L2 translates the keywords of a schema, and would also do so inside the values of `enum` and `default`. */
function modelOf(scope: Construct, api: IRestApi, id: string, body: Readonly<Record<string, unknown>>): IModel {
  const schema = { $schema: 'http://json-schema.org/draft-04/schema#', ...body };
  const model = new CfnModel(scope, id, { restApiId: api.restApiId, contentType: 'application/json', schema });
  api.latestDeployment?.node.addDependency(model);
  api.latestDeployment?.addToLogicalId({ model: id, schema });
  return { modelId: model.ref };
}

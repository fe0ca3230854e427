import { CfnModel, type IModel, type IRestApi, type MethodOptions } from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import type { Check } from '../../core/check/check';
import { isJson, isPlain, known, list, object } from '../../core/check/kinds';
import type { Kind } from '../../core/check/shape';
import { modelSchemaProblems } from './model-schema';
import { parametersOf, type RouteKey, routeId } from './route-key';

/**
 * What API Gateway asks of a request before it calls the function; anything else is answered 400.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
 */
export interface ValidateProps {
  /**
   * The JSON schema of the body, whatever its content type says: draft 4, which is what models of API Gateway are. A
   * request without a body is judged as `{}`.
   * @default - any body
   */
  readonly body?: Readonly<Record<string, unknown>>;
  /**
   * Parameters of the query that a request must have.
   * @default - none
   */
  readonly query?: readonly string[];
  /**
   * Headers that a request must have, in the case in which clients write them.
   * @default - none
   */
  readonly headers?: readonly string[];
}

const SCHEMA: Kind = known({
  rule: 'must be a JSON schema',
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
      rule: 'must ask something of the body',
      remedy: "write it as { type: 'object', required: ['sku'] }, or remove it",
    },
  ],
});

/** A blank in a name is no expression that API Gateway takes. */
const names = (example: string) => {
  const name: Kind = {
    rule: 'must be a name without blanks',
    remedy: () => `write it as '${example}'`,
    is: (value) => typeof value === 'string' && /^[^\s'"]+$/.test(value),
  };
  return known(list(known(name), `['${example}']`));
};

/** What is asked of a request. */
export const VALIDATE = object<ValidateProps>(
  { body: SCHEMA, query: names('page'), headers: names('idempotency-key') },
  "{ body: { type: 'object', required: ['sku'] }, query: ['page'] }",
  {
    schema: "write 'body'",
    querystring: "write 'query'",
    requestModels: "write 'body', with the schema itself",
    requestParameters: "write 'query' and 'headers'; parameters of the path are always there",
  },
);

/**
 * The settings of a method that has a route's parameters, and what the route asks of a request.
 * @param scope of the model of the body
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

/** A model for one content type would let every other pass unread. */
const ANY_CONTENT_TYPE = '$default';

/** The L2 translates the words of a schema, and would do so within the values of `enum` and `default` too. */
function modelOf(scope: Construct, api: IRestApi, id: string, body: Readonly<Record<string, unknown>>): IModel {
  const schema = { $schema: 'http://json-schema.org/draft-04/schema#', ...body };
  const model = new CfnModel(scope, id, { restApiId: api.restApiId, contentType: 'application/json', schema });
  api.latestDeployment?.node.addDependency(model);
  api.latestDeployment?.addToLogicalId({ model: id, schema });
  return { modelId: model.ref };
}

import { type JsonRecord, record, text } from '../../kernel/json';

const VERBS = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'ANY'];
/** Types of integration that call a backend. */
const CALLING = ['AWS', 'AWS_PROXY', 'HTTP', 'HTTP_PROXY'];
/** Characters. */
const SHORTEST_KEY = 20;

/** What is wrong with the properties of each type, with null for what is not known. */
const FAULTS: Readonly<Record<string, (properties: JsonRecord) => readonly string[]>> = {
  'AWS::ApiGateway::Resource': ({ PathPart }) =>
    unless(
      /^([\w.:-]+|\{[\w.-]+\+?\})$/,
      PathPart,
      "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
    ),
  'AWS::ApiGateway::Method': methodFaults,
  'AWS::ApiGateway::Stage': ({ StageName, Variables }) => [
    // The service's own message leaves the hyphen out, which it accepts.
    ...unless(/^[\w-]{1,128}$/, StageName, 'Stage name only allows a-zA-Z0-9_-, up to 128 characters'),
    ...Object.entries(record(Variables)).flatMap(([name, value]) => [
      ...unless(/^\w+$/, name, `Invalid stage variable name: ${name}.`),
      ...unless(/^[\w .~:/?#&=,-]*$/, value, `Invalid stage variable value of key ${name}.`),
    ]),
  ],
  'AWS::ApiGateway::GatewayResponse': ({ StatusCode }) =>
    unless(/^[1-5]\d\d$/, StatusCode, `StatusCode has three digits, got '${text(StatusCode)}'`),
  'AWS::ApiGateway::ApiKey': ({ Value }) => {
    const { length } = text(Value) ?? ' '.repeat(SHORTEST_KEY);
    return length < SHORTEST_KEY ? [`API Key value should be at least ${SHORTEST_KEY} characters`] : [];
  },
};

/**
 * Why API Gateway refuses to create a part of a REST API; empty if it accepts it.
 * @param type of the resource
 * @param properties with null for what is not known
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html
 */
export function restFaults(type: string, properties: JsonRecord): readonly string[] {
  return FAULTS[type]?.(properties) ?? [];
}

function methodFaults({ HttpMethod, Integration }: JsonRecord): readonly string[] {
  const { Type, IntegrationHttpMethod, Uri } = record(Integration);
  const [verb, type] = [text(HttpMethod), text(Type)];
  return [
    ...(verb !== undefined && !VERBS.includes(verb)
      ? [`Invalid HttpMethod specified. Valid options are ${VERBS.join(',')}`]
      : []),
    ...(type !== undefined && CALLING.includes(type) && IntegrationHttpMethod === undefined
      ? ['Enumeration value for HttpMethod must be non-empty']
      : []),
    ...(type === 'AWS' || type === 'AWS_PROXY'
      ? unless(
          /^arn:[^:]*:apigateway:[^:]*:[^:]*:(path|action)\//,
          Uri,
          'AWS ARN for integration must contain path or action',
        )
      : []),
  ];
}

function unless(pattern: RegExp, value: unknown, fault: string): readonly string[] {
  const known = text(value);
  return known === undefined || pattern.test(known) ? [] : [fault];
}

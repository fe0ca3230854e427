import type { HttpRequest, HttpResponse } from '../../kernel/call';
import { isRecord, type JsonObject, asList, parseJson, recordOf, text } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import { BadRequestBody, IntegrationFailure, NotRunHere } from './integration-failure';
import { type HttpMappingSource, mappingValue } from './http-mapping';
import { callAs, isNotServed, messageIn } from './service-integration';

type Parameters = Readonly<Record<string, string | undefined>>;

/** A service operation that HTTP APIs call directly. */
interface Subtype {
  readonly service: string;
  readonly required: readonly string[];
  readonly request: (parameters: Parameters) => Pick<HttpRequest, 'path' | 'headers' | 'body'>;
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services-reference.html */
const SUBTYPES: Readonly<Record<string, Subtype>> = {
  'EventBridge-PutEvents': {
    service: 'events',
    required: ['Detail', 'DetailType', 'Source'],
    request: ({ Region: _, Resources, ...entry }) =>
      json('AWSEvents.PutEvents', {
        Entries: [
          { ...entry, ...(Resources !== undefined && { Resources: asList(parseJson(Resources) ?? Resources) }) },
        ],
      }),
  },
  'SQS-SendMessage': {
    service: 'sqs',
    required: ['QueueUrl', 'MessageBody'],
    request: (given) => form('SendMessage', given),
  },
  'SQS-ReceiveMessage': { service: 'sqs', required: ['QueueUrl'], request: (given) => form('ReceiveMessage', given) },
  'SQS-DeleteMessage': {
    service: 'sqs',
    required: ['QueueUrl', 'ReceiptHandle'],
    request: (given) => form('DeleteMessage', given),
  },
  'SQS-PurgeQueue': { service: 'sqs', required: ['QueueUrl'], request: (given) => form('PurgeQueue', given) },
  'Kinesis-PutRecord': {
    service: 'kinesis',
    required: ['StreamName', 'Data', 'PartitionKey'],
    request: ({ Region: _, ...given }) => {
      if (!/^(?:[\w+/-]{4})*(?:[\w+/-]{2,3}={0,2})?$/.test(given.Data ?? '')) {
        throw new NotRunHere("'Data' is not base64, and it is not known whether API Gateway encodes it");
      }
      return json('Kinesis_20131202.PutRecord', given);
    },
  },
  'StepFunctions-StartExecution': stepFunctions('StartExecution', ['StateMachineArn']),
  'StepFunctions-StartSyncExecution': stepFunctions('StartSyncExecution', ['StateMachineArn']),
  'StepFunctions-StopExecution': stepFunctions('StopExecution', ['ExecutionArn']),
};

/** The parameters that an integration with an AWS service must have; undefined for an unknown one. */
export function requiredParameters(subtype: string): readonly string[] | undefined {
  return Object.hasOwn(SUBTYPES, subtype) ? SUBTYPES[subtype]!.required : undefined;
}

/** Why an integration with an AWS service is not run; undefined if it is. */
export function whySubtypeNotRun(context: LocalContext, subtype: string): string | undefined {
  const known = Object.hasOwn(SUBTYPES, subtype) ? SUBTYPES[subtype] : undefined;
  if (!known) return `${subtype} is not run`;
  const probe = known.request(Object.fromEntries(known.required.map((name) => [name, 'none'])));
  const request = { method: 'POST', query: '', sourceIp: '', ...probe };
  return context.serves(known.service, request) ? undefined : `${subtype} is not served`;
}

/**
 * Calls an AWS service for a request to an HTTP API, with the integration's role.
 * @throws BadRequestBody when the request lacks a required parameter
 * @throws IntegrationFailure when API Gateway may not assume the role
 * @throws NotRunHere when the operation is not served here
 */
export async function callSubtype(
  context: LocalContext,
  integration: JsonObject,
  source: HttpMappingSource,
): Promise<HttpResponse> {
  const name = text(integration.IntegrationSubtype) ?? '';
  const subtype = Object.hasOwn(SUBTYPES, name) ? SUBTYPES[name] : undefined;
  if (!subtype) throw new NotRunHere(`${name} is not run`);
  const given = Object.fromEntries(
    Object.entries(recordOf(integration.RequestParameters)).map(([parameter, value]) => [
      parameter,
      mappingValue(text(value) ?? '', source),
    ]),
  );
  const missing = subtype.required.filter((parameter) => (given[parameter] ?? '') === '');
  if (missing.length > 0) throw new BadRequestBody(`the request has no value for '${missing.join("', '")}'`);
  if (given.Region !== undefined && given.Region !== context.region) {
    throw new NotRunHere(`the region '${given.Region}' is not run`);
  }
  const role = context.assume(text(integration.CredentialsArn) ?? '', { service: 'apigateway.amazonaws.com' });
  if (typeof role === 'string') throw new IntegrationFailure(role);
  const answer = await callAs(context, subtype.service, { method: 'POST', query: '', ...subtype.request(given) }, role);
  if (isNotServed(answer)) throw new NotRunHere(messageIn(answer));
  return answer;
}

function stepFunctions(operation: string, required: readonly string[]): Subtype {
  return {
    service: 'states',
    required,
    request: ({ Region: _, ...given }) => json(`AWSStepFunctions.${operation}`, uncapitalized(given)),
  };
}

/** Step Functions writes its parameters in lower camel case. */
function uncapitalized(given: Parameters): JsonObject {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name[0]!.toLowerCase() + name.slice(1), value]),
  );
}

function json(target: string, input: JsonObject): ReturnType<Subtype['request']> {
  return {
    path: '/',
    headers: [
      ['content-type', 'application/x-amz-json-1.1'],
      ['x-amz-target', target],
    ],
    body: Buffer.from(JSON.stringify(input)),
  };
}

/** SQS is called with its query protocol, which answers in XML. */
function form(
  operation: string,
  { Region: _, MessageAttributes, ...given }: Parameters,
): ReturnType<Subtype['request']> {
  const fields = new URLSearchParams({ Action: operation });
  for (const [name, value] of Object.entries(given)) if (value !== undefined) fields.set(name, value);
  const attributes = parseJson(MessageAttributes ?? '{}');
  if (!isRecord(attributes)) {
    throw new NotRunHere("'MessageAttributes' is not a JSON object, and it is not known what API Gateway answers then");
  }
  for (const [index, [name, value]] of Object.entries(attributes).entries()) {
    const place = `MessageAttribute.${index + 1}`;
    fields.set(`${place}.Name`, name);
    for (const [field, item] of Object.entries(isRecord(value) ? value : {})) {
      fields.set(`${place}.Value.${field}`, String(item));
    }
  }
  return {
    path: '/',
    headers: [['content-type', 'application/x-www-form-urlencoded']],
    body: Buffer.from(fields.toString()),
  };
}

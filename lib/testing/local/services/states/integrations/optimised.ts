import { jsonCall } from '../../../kernel/forward';
import { isRecord, type JsonObject, parseJson, recordOf, records, texts } from '../../../kernel/json';
import { StateFailure } from '../engine/failure';
import { type Integration, optimisedFailure, type ServiceError, withMetadata } from './integration';
import { capitalized, capitalizedFields, uncapitalizedFields, withTimes } from './names';

/** An optimised integration: its API names, and how it differs from the SDK's. */
interface Optimised {
  /** `sendMessage`. */
  readonly apis: readonly string[];
  readonly integration: Integration;
}

/** By the name in the ARN: `arn:aws:states:::sqs:sendMessage`. */
const SERVICES: Readonly<Record<string, Optimised>> = {
  dynamodb: {
    apis: ['getItem', 'putItem', 'updateItem', 'deleteItem'],
    integration: json('dynamodb', 'DynamoDB_20120810', {
      request: (parameters) =>
        mapped(parameters, (value, name) => (VALUES.includes(name) ? mapped(value, attributeValue) : value)),
      failure: (error) => {
        const modelled = !['ValidationException', 'AccessDeniedException'].includes(error.code);
        const name = modelled ? error.code : 'AmazonDynamoDBException';
        return optimisedFailure(`DynamoDB.${name}`, 'AmazonDynamoDBv2', error);
      },
    }),
  },
  sqs: {
    apis: ['sendMessage'],
    integration: json('sqs', 'AmazonSQS', {
      request: ({ MessageBody, ...others }) => ({
        ...others,
        ...(MessageBody !== undefined && { MessageBody: asText(MessageBody) }),
      }),
      failure: (error) => {
        const modelled = ['QueueDoesNotExist', 'UnsupportedOperation', 'InvalidMessageContents'].includes(error.code);
        return optimisedFailure(
          `SQS.${modelled ? `${error.code}Exception` : 'AmazonSQSException'}`,
          'AmazonSQS',
          error,
        );
      },
    }),
  },
  events: {
    apis: ['putEvents'],
    integration: json('events', 'AWSEvents', {
      request: ({ Entries, ...others }, { execution, machine }) => ({
        ...others,
        Entries: records(Entries).map(({ Detail, Resources, ...entry }) => ({
          ...entry,
          ...(Detail !== undefined && { Detail: asText(Detail) }),
          Resources: [...texts(Resources), execution, machine],
        })),
      }),
      answer: (body) => {
        if (Number(body.FailedEntryCount) === 0) return body;
        throw new StateFailure('EventBridge.FailedEntry', JSON.stringify(body));
      },
      failure: (error) => optimisedFailure('EventBridge.AmazonEventBridgeException', 'AmazonEventBridge', error),
    }),
  },
  states: {
    apis: ['startExecution'],
    integration: json('states', 'AWSStepFunctions', {
      request: ({ Input, ...others }) =>
        recordOf(uncapitalizedFields({ ...others, ...(Input !== undefined && { Input: asText(Input) }) })),
      answer: (body) => withTimes(recordOf(capitalizedFields(body))),
      failure: (error) => {
        const modelled = !['ValidationException', 'AccessDeniedException'].includes(error.code);
        const name = modelled ? `${error.code}Exception` : 'AWSStepFunctionsException';
        return optimisedFailure(`StepFunctions.${name}`, 'AWSStepFunctions', error);
      },
    }),
  },
};

/** The optimised integration of an API; undefined if unsupported. */
export function optimised(service: string, api: string): Integration | undefined {
  const found = Object.hasOwn(SERVICES, service) ? SERVICES[service]! : undefined;
  return found?.apis.includes(api) ? found.integration : undefined;
}

/** Parameters with attribute values by name. */
const VALUES = ['Item', 'Key', 'ExpressionAttributeValues'];

/** Text stands for itself where the API expects `{ "S": "text" }`. */
function attributeValue(value: unknown): unknown {
  if (typeof value === 'string') return { S: value };
  return mapped(value, (content, type) => {
    if (type === 'M') return mapped(content, attributeValue);
    return type === 'L' && Array.isArray(content) ? content.map(attributeValue) : content;
  });
}

function mapped<T>(value: T, change: (value: unknown, name: string) => unknown): T {
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, change(one, name)])) as T;
}

/** Services expect text where tasks may pass objects. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function json(
  service: string,
  target: string,
  change: {
    readonly request?: (parameters: JsonObject, caller: Parameters<Integration['request']>[2]) => JsonObject;
    readonly answer?: (body: JsonObject) => JsonObject;
    readonly failure: (error: ServiceError) => StateFailure;
  },
): Integration {
  return {
    service,
    request: (api, parameters, caller) =>
      jsonCall(target, capitalized(api), change.request?.(parameters, caller) ?? parameters),
    answer: (_, response) => {
      const body = recordOf(parseJson(String(response.body ?? '') || '{}'));
      return withMetadata(change.answer?.(body) ?? body, response);
    },
    failure: change.failure,
  };
}

import { jsonCall } from '../../../kernel/forward';
import { parseJson, recordOf } from '../../../kernel/json';
import { type Integration, sdkFailure, type ServiceError } from './integration';
import { capitalized, capitalizedFields, uncapitalizedFields, withTimes } from './names';

/** A service with a JSON protocol. */
interface JsonService {
  /** Its signing name. */
  readonly signs: string;
  /** The prefix of its targets. */
  readonly target: string;
  /** The prefix of the integration's errors. */
  readonly prefix: string;
  /** Whether its wire format has lower-case initials, unlike tasks. */
  readonly small?: boolean;
}

/** By the name in the ARN of an integration: `arn:aws:states:::aws-sdk:eventbridge:putEvents`. */
const SERVICES: Readonly<Record<string, JsonService>> = {
  dynamodb: { signs: 'dynamodb', target: 'DynamoDB_20120810', prefix: 'DynamoDb' },
  eventbridge: { signs: 'events', target: 'AWSEvents', prefix: 'EventBridge' },
  kinesis: { signs: 'kinesis', target: 'Kinesis_20131202', prefix: 'Kinesis' },
  secretsmanager: { signs: 'secretsmanager', target: 'secretsmanager', prefix: 'SecretsManager' },
  sfn: { signs: 'states', target: 'AWSStepFunctions', prefix: 'Sfn', small: true },
  sqs: { signs: 'sqs', target: 'AmazonSQS', prefix: 'Sqs' },
  ssm: { signs: 'ssm', target: 'AmazonSSM', prefix: 'Ssm' },
};

/** Codes that few service models define: elsewhere the SDK reports the service's base exception. */
const UNMODELLED = ['ValidationException', 'AccessDeniedException', 'AccessDenied', 'InvalidParameterValueException'];
const MODELLED: Readonly<Record<string, readonly string[]>> = {
  sfn: ['ValidationException'],
  kinesis: ['AccessDeniedException', 'ValidationException'],
};

/** The `aws-sdk` integration of a service with a JSON protocol; undefined if unknown. */
export function sdkJson(name: string): Integration | undefined {
  const service = Object.hasOwn(SERVICES, name) ? SERVICES[name]! : undefined;
  if (!service) return undefined;
  const { signs, target, prefix, small } = service;
  return {
    service: signs,
    request: (api, parameters) =>
      jsonCall(target, capitalized(api), recordOf(small ? uncapitalizedFields(parameters) : parameters)),
    answer: (_, response) => {
      const body = recordOf(parseJson(String(response.body ?? '') || '{}'));
      return withTimes(recordOf(small ? capitalizedFields(body) : body));
    },
    failure: (error) => sdkFailure(prefix, exceptionOf(name, prefix, error), error),
  };
}

/** `ExecutionDoesNotExist` is `ExecutionDoesNotExistException` in the SDK of Java. */
function exceptionOf(name: string, prefix: string, { code }: ServiceError): string {
  if (UNMODELLED.includes(code) && !MODELLED[name]?.includes(code)) return `${prefix}Exception`;
  return code.endsWith('Exception') ? code : `${code}Exception`;
}

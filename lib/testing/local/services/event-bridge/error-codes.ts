import type { AwsError } from '../../kernel/aws-errors';

/** EventBridge's error codes in dead letters, by the codes of the target services. */
const CODES: readonly (readonly [RegExp, string])[] = [
  [/^(AccessDenied|AuthorizationError|KMS\.?AccessDenied|UnauthorizedOperation)/, 'NO_PERMISSIONS'],
  [/(NotFound|DoesNotExist|NonExistentQueue)/, 'NO_RESOURCE'],
  [/(Throttl|TooManyRequests|LimitExceeded|ProvisionedThroughputExceeded)/, 'THROTTLING'],
  [/^(Validation|InvalidParameter|MissingParameter|InvalidExecutionInput)/, 'INVALID_PARAMETER'],
];

/** EventBridge's own codes. */
const OWN = /^[A-Z][A-Z_]+$/;

/**
 * The `ERROR_CODE` of a dead letter of a rule.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function ruleErrorCode({ code }: AwsError): string {
  if (OWN.test(code)) return code;
  return CODES.find(([pattern]) => pattern.test(code))?.[1] ?? 'ERROR_FROM_TARGET';
}

import type { PolicyDocument } from '../../../../access';
import { AwsError } from '../../kernel/aws-errors';
import type { Caller } from '../../kernel/caller';
import type { Deployed } from '../../kernel/deployment';
import type { Need } from '../../kernel/judge';
import { isRecord, type JsonObject, number, parseJson, text } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import type { StsResult } from './service';

/** Parameters that shape or restrict the session on AWS; not supported locally. */
const NOT_DONE = /^(Tags|PolicyArns|TransitiveTagKeys|ProvidedContexts|SourceIdentity|SerialNumber|TokenCode)\b/;
const HOUR = 3600;
const MIN_DURATION = 900;
const MAX_POLICY = 2048;

/**
 * The permission `AssumeRole` needs: the role must trust the caller, whose own policies must allow it if the role only
 * trusts the account.
 * @throws AwsError 501 for a role in no template, and for unsupported parameters
 */
export function assumeRoleNeeds(context: LocalContext, input: JsonObject): readonly Need[] {
  const asked = Object.keys(input).find((name) => NOT_DONE.test(name));
  if (asked !== undefined) throw notDone(`sessions with '${asked.split('.')[0]}' are not run here`);
  const externalId = text(input.ExternalId);
  const keys = {
    'sts:RoleSessionName': text(input.RoleSessionName) ?? '',
    ...(externalId !== undefined && { 'sts:ExternalId': externalId }),
  };
  return [{ action: 'sts:AssumeRole', resource: roleOf(context, input).arn, context: keys }];
}

/**
 * `AssumeRole`: credentials of a session limited by the role and the session policy.
 * @throws AwsError when STS would reject the call
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function assumeRole(context: LocalContext, caller: Caller, input: JsonObject): StsResult {
  const role = roleOf(context, input);
  const name = text(input.RoleSessionName) ?? '';
  if (!/^[\w+=,.@-]{2,64}$/.test(name)) {
    throw invalid(
      `1 validation error detected: Value '${name}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]* with a length of 2 to 64`,
    );
  }
  const expires = Date.now() + durationOf(role, caller, input) * 1000;
  const policy = policyOf(input);
  const session = context.openSession({ role, name, by: caller, expires, ...(policy && { policy }) });
  return {
    AssumedRoleUser: { AssumedRoleId: `${role.attribute('RoleId') ?? role.logicalId}:${name}`, Arn: session.arn },
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken ?? '',
      Expiration: new Date(expires).toISOString().replace(/\.\d+/, ''),
    },
  };
}

function roleOf({ deployment }: LocalContext, { RoleArn }: JsonObject): Deployed {
  const arn = text(RoleArn);
  if (arn === undefined) {
    throw invalid(
      "1 validation error detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null",
    );
  }
  const role = deployment.withArn(arn, 'AWS::IAM::Role');
  if (role) return role;
  throw notDone(`the role '${arn}' is in no template: nothing is known to be allowed`);
}

/** Sessions last at most the role's maximum; with role chaining, at most an hour. */
function durationOf({ properties }: Deployed, caller: Caller, input: JsonObject): number {
  const seconds = number(input.DurationSeconds) ?? HOUR;
  if (seconds < MIN_DURATION) {
    throw invalid(
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to ${MIN_DURATION}`,
    );
  }
  if (caller.arn.includes(':assumed-role/') && seconds > HOUR) {
    throw invalid('The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining');
  }
  if (seconds > (number(properties.MaxSessionDuration) ?? HOUR)) {
    throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  return seconds;
}

function policyOf({ Policy }: JsonObject): PolicyDocument | undefined {
  const source = text(Policy);
  if (source === undefined) return undefined;
  if (source.length > MAX_POLICY) {
    throw invalid(
      `1 validation error detected: Value at 'policy' failed to satisfy constraint: Member must have length less than or equal to ${MAX_POLICY}`,
    );
  }
  const policy = parseJson(source);
  if (isRecord(policy) && policy.Statement !== undefined) return policy as unknown as PolicyDocument;
  throw new AwsError('MalformedPolicyDocument', 'This policy contains invalid Json', 400);
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message, 400);
}

function notDone(reason: string): AwsError {
  return new AwsError('LocalRunUnsupported', `The local run does not answer sts:AssumeRole: ${reason}.`, 501);
}

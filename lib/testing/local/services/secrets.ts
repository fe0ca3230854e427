import { randomInt, randomUUID } from 'node:crypto';
import { AwsError, jsonResponse } from '../aws-errors';
import type { Call, HttpResponse } from '../call';
import type { Deployed } from '../deployment';
import { isRecord, number, parseJson, record, text } from '../json';
import type { LocalContext, LocalService } from '../service';

const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

interface Stored {
  readonly arn: string;
  readonly name: string;
  value: string | undefined;
  version: string;
}

/** AWS Secrets Manager: values as the user gives them, as the template generates them, or as a handler puts them. */
export function secrets(context: LocalContext): LocalService {
  const declared = Object.keys(context.options.secrets);
  const stored: Stored[] = context.deployment.ofType('AWS::SecretsManager::Secret').map((secret) => ({
    arn: secret.arn,
    name: secret.name,
    value: givenValue(secret) ?? initialValue(secret),
    version: randomUUID(),
  }));

  function givenValue({ name, arn, logicalId, displayName, resource }: Deployed): string | undefined {
    const key = [name, arn, logicalId, displayName, resource.id].find((one) => declared.includes(one));
    return key === undefined ? undefined : textOf(context.options.secrets[key]);
  }

  /** A secret is named by its name, its ARN, or its ARN without the six characters at the end. */
  function find(id: string): Stored | undefined {
    const known = stored.find(({ arn, name }) => [arn, name, arn.replace(/-\w{6}$/, '')].includes(id));
    if (known || context.options.secrets[id] === undefined) return known;
    const arn = id.startsWith('arn:') ? id : context.arn('secretsmanager', `secret:${id}-000000`);
    const made = { arn, name: id, value: textOf(context.options.secrets[id]), version: randomUUID() };
    stored.push(made);
    return made;
  }

  function secretOf({ input }: Call): Stored {
    const found = find(text(input.SecretId) ?? '');
    if (!found) throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    return found;
  }

  async function handle(call: Call): Promise<HttpResponse> {
    const secret = secretOf(call);
    const { arn: ARN, name: Name } = secret;
    switch (call.operation) {
      case 'GetSecretValue': {
        if (secret.value === undefined) {
          const message = "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT";
          throw new AwsError('ResourceNotFoundException', message);
        }
        const VersionStages = ['AWSCURRENT'];
        return jsonResponse({ ARN, Name, VersionId: secret.version, SecretString: secret.value, VersionStages });
      }
      case 'PutSecretValue':
        secret.value = text(call.input.SecretString);
        secret.version = randomUUID();
        return jsonResponse({ ARN, Name, VersionId: secret.version, VersionStages: ['AWSCURRENT'] });
      default:
        return jsonResponse({ ARN, Name, VersionIdsToStages: { [secret.version]: ['AWSCURRENT'] } });
    }
  }

  return {
    resourceTypes: ['AWS::SecretsManager::Secret', 'AWS::SecretsManager::ResourcePolicy'],
    api: {
      signingNames: ['secretsmanager'],
      protocol: 'json',
      needs: ({ operation, input }) => {
        if (!['GetSecretValue', 'PutSecretValue', 'DescribeSecret'].includes(operation)) return undefined;
        const id = text(input.SecretId) ?? '';
        const arn =
          find(id)?.arn ?? (id.startsWith('arn:') ? id : context.arn('secretsmanager', `secret:${id}-??????`));
        return [{ action: `secretsmanager:${operation}`, resource: arn, context: { 'secretsmanager:SecretId': id } }];
      },
      handle,
    },
  };
}

function textOf(value: string | Readonly<Record<string, unknown>> | undefined): string | undefined {
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

/** What CloudFormation would put into a new secret. */
function initialValue({ properties }: Deployed): string | undefined {
  const given = text(properties.SecretString);
  if (given !== undefined || !isRecord(properties.GenerateSecretString)) return given;
  const settings = record(properties.GenerateSecretString);
  const generated = randomPassword(settings);
  const key = text(settings.GenerateStringKey);
  if (key === undefined) return generated;
  const template = parseJson(text(settings.SecretStringTemplate) ?? '{}');
  return JSON.stringify({ ...record(template), [key]: generated });
}

function randomPassword(settings: Readonly<Record<string, unknown>>): string {
  const excluded = text(settings.ExcludeCharacters) ?? '';
  const kinds = [
    ['ExcludeLowercase', 'abcdefghijklmnopqrstuvwxyz'],
    ['ExcludeUppercase', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
    ['ExcludeNumbers', '0123456789'],
    ['ExcludePunctuation', PUNCTUATION],
  ] as const;
  const alphabet = kinds
    .filter(([option]) => settings[option] !== true)
    .flatMap(([, characters]) => [...characters])
    .filter((character) => !excluded.includes(character));
  return Array.from({ length: number(settings.PasswordLength) ?? 32 }, () => alphabet[randomInt(alphabet.length)]).join(
    '',
  );
}

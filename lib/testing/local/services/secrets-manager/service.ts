import { randomInt, randomUUID } from 'node:crypto';
import { AwsError, jsonResponse } from '../../kernel/aws-errors';
import type { Call, HttpResponse } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { isRecord, number, parseJson, record, text } from '../../kernel/json';
import type { LocalContext, LocalService } from '../../kernel/service';

const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** What Secrets Manager adds to the name of a secret in its ARN. */
const ADDED = /-\w{6}$/;

interface Stored {
  readonly arn: string;
  readonly name: string;
  value: string | undefined;
  version: string;
}

/** AWS Secrets Manager: values as the user gives them, as the template generates them, or as a handler puts them. */
export function secrets(context: LocalContext): LocalService {
  const given = new Map(Object.entries(context.options.secrets));
  const inTemplates: Stored[] = context.deployment.ofType('AWS::SecretsManager::Secret').map((secret) => ({
    arn: secret.arn,
    name: secret.name,
    value: takeGiven(secret) ?? initialValue(secret),
    version: randomUUID(),
  }));
  const stored = [...inTemplates, ...[...given].map(([id, value]) => imported(id, value))];

  function takeGiven({ name, arn, logicalId, displayName, resource }: Deployed): string | undefined {
    const key = [name, arn, logicalId, displayName, resource.id].find((one) => given.has(one));
    if (key === undefined) return undefined;
    const value = textOf(given.get(key));
    given.delete(key);
    return value;
  }

  /** A secret that the templates only refer to. */
  function imported(id: string, value: Parameters<typeof textOf>[0]): Stored {
    const name = /^arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:(.+)$/.exec(id)?.[1];
    // Only in an ARN may the end be an addition: a name may well end in `-secret`.
    if (name !== undefined && ADDED.test(name)) {
      return { arn: id, name: name.replace(ADDED, ''), value: textOf(value), version: randomUUID() };
    }
    const arn = context.arn('secretsmanager', `secret:${name ?? id}-000000`);
    return { arn, name: name ?? id, value: textOf(value), version: randomUUID() };
  }

  /** A secret is named by its name, its ARN, or its ARN without the six characters at the end. */
  function find(id: string): Stored | undefined {
    return stored.find(({ arn, name }) => [arn, name, arn.replace(ADDED, '')].includes(id));
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
      denial: { code: 'AccessDeniedException', status: 400 },
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

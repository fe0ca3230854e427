import { at, entries, eachBranch, isMap, isUnknown, items, toText } from '../../../core/model/select';
import { looksLikeSecret } from '../../../core/plaintext-secret';
import type { Resource } from '../../../core/model/model';
import { Secret, Text, type Value } from '../../../core/model/values';
import { each, type Rule } from '../../rule';

/**
 * Where plain-text settings are: a map, or a single one with the name it is judged by. With `*`, a list of name-value
 * pairs.
 */
const PLACES: Readonly<
  Record<string, readonly { readonly path: string; readonly name?: string; readonly always?: boolean }[]>
> = {
  'AWS::Lambda::Function': [{ path: 'Environment.Variables' }],
  'AWS::ECS::TaskDefinition': [{ path: 'ContainerDefinitions.*.Environment' }],
  'AWS::CodeBuild::Project': [{ path: 'Environment.EnvironmentVariables.*' }],
  'AWS::SSM::Parameter': [{ path: 'Value' }],
  'AWS::SecretsManager::Secret': [{ path: 'SecretString', always: true }],
  'AWS::ApiGateway::ApiKey': [{ path: 'Value', always: true }],
  'AWS::RDS::DBInstance': [{ path: 'MasterUserPassword', always: true }],
  'AWS::RDS::DBCluster': [{ path: 'MasterUserPassword', always: true }],
  'AWS::Cognito::UserPoolIdentityProvider': [{ path: 'ProviderDetails' }],
  'AWS::Events::Connection': [
    { path: 'AuthParameters.ApiKeyAuthParameters.ApiKeyValue', always: true },
    { path: 'AuthParameters.BasicAuthParameters.Password', always: true },
    { path: 'AuthParameters.OAuthParameters.ClientParameters.ClientSecret', always: true },
  ],
};

export const plaintextSecret: Rule = {
  id: 'PlaintextSecret',
  severity: 'error',
  title: 'No secret is in plain text in the template',
  why: 'Anyone who can read the template, the stack or the function’s settings has it, and it stays in version control.',
  fix: 'keep it in Secrets Manager or as a SecureString, and give the resource its ARN or a dynamic reference',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html',
  check: each(Object.keys(PLACES), function* (resource) {
    for (const { path, always } of PLACES[resource.type] ?? []) {
      for (const { name, property, value } of path.includes('*') ? listed(resource, path) : settings(resource, path)) {
        const message = faultOf(resource, name, value, always ?? false);
        if (message !== undefined) yield { resource, property, message, detail: name, ...remedyOf(resource) };
        else if (isUnknown(value) && isCalledSecret(name)) yield { resource, property, reason: value.reason };
      }
    }
  }),
};

/** Types whose settings show resolved dynamic references to anyone who may read them. */
const VARIABLES = new Set(['AWS::Lambda::Function', 'AWS::ECS::TaskDefinition', 'AWS::CodeBuild::Project']);

function faultOf(resource: Resource, name: string, value: Value, always: boolean): string | undefined {
  // CloudFormation replaces a dynamic reference with its value, which the settings then show.
  if (VARIABLES.has(resource.type) && holdsSecret(value)) return 'has a secret put into a variable';
  const kind = looksLikeSecret(name, value) ?? (always && isLiteralText(value) ? 'a secret' : undefined);
  return kind && `has ${kind} in plain text`;
}

/** A variable shows what a dynamic reference resolves to, so a function must fetch it itself. */
function remedyOf({ type }: Resource): { readonly remedy?: string } {
  if (type === 'AWS::ECS::TaskDefinition') {
    return { remedy: "keep it in Secrets Manager or as a SecureString, and name it in the container's Secrets" };
  }
  if (type === 'AWS::CodeBuild::Project') {
    return { remedy: 'keep it in Secrets Manager or Parameter Store, and give the variable that Type and its name' };
  }
  if (type !== 'AWS::Lambda::Function') return {};
  return { remedy: 'keep it in Secrets Manager or as a SecureString, give the function its name, and read it there' };
}

interface Setting {
  readonly name: string;
  readonly property: string;
  readonly value: Value;
}

function settings(resource: Resource, path: string): Setting[] {
  const value = at(resource, path);
  const many = eachBranch(value).some((branch) => isMap(branch.value));
  const named: [string, string, Value | undefined][] = many
    ? entries(value).map(([name, item]) => [name, `${path}.${name}`, item])
    : [[nameAt(resource, path), path, value]];
  return named.flatMap(([name, property, item]) =>
    eachBranch(item).flatMap((branch) => (branch.value === undefined ? [] : [{ name, property, value: branch.value }])),
  );
}

/** Settings with a name and a value: those at the path, or below the items there. */
function listed(resource: Resource, path: string): Setting[] {
  const [outer = '', inner = ''] = path.split('.*');
  const places = items(at(resource, outer)).flatMap((item, index): [Value | undefined, string][] =>
    inner === ''
      ? [[item, `${outer}.${index}`]]
      : items(at(item, inner.slice(1))).map((one, place) => [one, `${outer}.${index}${inner}.${place}`]),
  );
  return places
    .filter(([one]) => ['', 'PLAINTEXT'].includes(toText(at(one, 'Type')) ?? ''))
    .flatMap(([one, place]) =>
      eachBranch(at(one, 'Value')).flatMap(({ value }) =>
        value === undefined ? [] : [{ name: toText(at(one, 'Name')) ?? '', property: `${place}.Value`, value }],
      ),
    );
}

/** A parameter is judged by its own name, any other setting by its property's. */
function nameAt(resource: Resource, path: string): string {
  const name = resource.type === 'AWS::SSM::Parameter' ? at(resource, 'Name') : undefined;
  return typeof name === 'string' ? name : path.split('.').at(-1)!;
}

/** Whether a generated value under this name would be taken for a secret. */
function isCalledSecret(name: string): boolean {
  return looksLikeSecret(name, 'q7Zp2Vx9Lk4Tn8Wb3Rf6') !== undefined;
}

function isLiteralText(value: Value): boolean {
  return typeof value === 'string' && !value.includes('{{resolve:') && !isEmptyJson(value);
}

/** Names of non-secrets found next to a secret in JSON. */
const BESIDE = /^(?:user(?:name)?|host|port|engine|db(?:name|instanceidentifier|clusteridentifier)?|masterarn)$/i;

/** A JSON object whose secrets are empty: a parameter without a default fills them in. */
function isEmptyJson(text: string): boolean {
  try {
    const parsed = JSON.parse(text) as unknown;
    return isMap(parsed) && Object.entries(parsed).every(([name, item]) => item === '' || BESIDE.test(name));
  } catch {
    return false;
  }
}

function holdsSecret(value: Value): boolean {
  return value instanceof Secret || (value instanceof Text && value.parts.some((part) => part instanceof Secret));
}

import { AwsError, jsonResponse } from '../../kernel/aws-errors';
import type { Call, HttpResponse } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import type { Need } from '../../kernel/judge';
import { KeptResources, READS } from '../../kernel/kept-resources';
import { type JsonObject, number, records, text, texts } from '../../kernel/json';
import { pageOf } from '../../kernel/page';
import type { LocalContext, LocalService } from '../../kernel/service';
import { checkName, ciphertext, isWanted, newVersion, Parameter, type ParameterVersion } from './parameter';
import { isReadable } from './allowed-pattern';
import { CONSTRAINTS } from './constraints';
import { hasPolicies, parameterFaults, policyFaults } from './refusals';

/** Operations with a single parameter in `Name`. */
const ON_ONE = ['GetParameter', 'PutParameter', 'DeleteParameter', 'GetParameterHistory', 'LabelParameterVersion'];
const ON_SEVERAL = ['GetParameters', 'DeleteParameters'];
const ON_TAGS = ['AddTagsToResource', 'RemoveTagsFromResource', 'ListTagsForResource'];

const PARAMETER = 'AWS::SSM::Parameter';

/** AWS Systems Manager Parameter Store: parameters from the templates, from the user, and from handlers. */
export function parameters(context: LocalContext): LocalService {
  const stored = new Map<string, Parameter>();
  const kept = (name: string, { AllowedPattern, ...properties }: JsonObject) => {
    const parameter = stored.get(name) ?? new Parameter(name);
    const pattern = isReadable(text(AllowedPattern) ?? '') && { AllowedPattern };
    parameter.write(newVersion({ ...properties, ...pattern }, stored.get(name)?.latest));
    stored.set(name, parameter);
  };
  const given = new Map(Object.entries(context.options.parameters));
  const between = new KeptResources(context, 'parameters.json', PARAMETER);
  const save = () => between.save(new Map([...stored].map(([name, one]) => [name, one.content])));

  async function start(): Promise<void> {
    for (const [name, content] of between.load()) stored.set(name, Parameter.restored(name, content));
    for (const [name, Value] of given) {
      stored.delete(name);
      kept(name, { Value, Type: 'SecureString', Tier: 'Intelligent-Tiering' });
    }
    context.deployment.ofType(PARAMETER).forEach(make);
    save();
  }

  /** The user's values override stored ones, which override the template's. */
  function make(parameter: Deployed): void {
    const { name } = parameter;
    const value = given.get(name);
    const written = writtenBy(parameter, value);
    const faults = report(parameter, written);
    const fate = between.fateOf(parameter);
    stored.delete(name);
    if (value === undefined && fate.is === 'deleted') return;
    if (value === undefined && 'content' in fate) stored.set(name, Parameter.restored(name, fate.content));
    if (value === undefined && fate.is === 'kept') return;
    if (faults.length === 0) kept(name, written);
  }

  /** What the template writes. A value that it does not tell is a blank, which no pattern binds. */
  function writtenBy({ displayName: resource, type, properties, given }: Deployed, value?: string): JsonObject {
    // Any size, and policies too.
    const tier = given.Tier === null && { Tier: 'Intelligent-Tiering' };
    const known = value ?? text(properties.Value);
    const dynamic = value === undefined && known !== undefined && /\{\{resolve:.*\}\}/.test(known);
    if (dynamic) {
      const reason = `its value '${known}' is not resolved: it is a blank unless 'parameters' has it`;
      context.unsupported({ resource, type, reason });
    }
    if (known !== undefined && !dynamic) return { Type: 'String', ...properties, ...tier, Value: known };
    return { Type: 'String', ...properties, ...tier, Value: ' ', AllowedPattern: undefined };
  }

  /** Lists what AWS refuses in a parameter, and what is not run of it. */
  function report({ displayName: resource, type, arn }: Deployed, properties: JsonObject): readonly string[] {
    const tell = (reason: string) => context.unsupported({ resource, type, reason });
    const faults = parameterFaults(properties, arn);
    for (const fault of faults) tell(`AWS refuses to create it: ${fault}`);
    const pattern = text(properties.AllowedPattern) ?? '';
    if (!isReadable(pattern)) tell(`its allowed pattern '${pattern}' is not checked: JavaScript cannot read it`);
    if (faults.length === 0 && hasPolicies(properties)) {
      tell('its policies are not run: it does not expire, and nobody is notified');
    }
    return faults;
  }

  const plainName = (id: string) => id.replace(/^arn:[^:]+:ssm:[^:]*:\d*:parameter(\/?)/, '$1');
  const nameOf = (id: string) => plainName(id).split(':')[0]!;
  const selectorOf = (id: string) => plainName(id).split(':')[1];
  const find = (id: string) => stored.get(nameOf(id)) ?? stored.get(nameOf(id).replace(/^\//, ''));
  const arnOf = (id: string) => context.arn('ssm', `parameter/${nameOf(id).replace(/^\//, '')}`);

  async function handle({ operation, input }: Call): Promise<HttpResponse> {
    const answered = answer(operation, input);
    if (!READS.test(operation)) save();
    return jsonResponse(answered);
  }

  function answer(operation: string, input: JsonObject): JsonObject {
    const name = text(input.Name) ?? '';
    switch (operation) {
      case 'GetParameter':
        return { Parameter: shown(existing(name), version(name), input) };
      case 'GetParameters': {
        const found = texts(input.Names).filter((one) => find(one)?.select(selectorOf(one)));
        return {
          Parameters: found.map((one) => shown(existing(one), version(one), input)),
          InvalidParameters: texts(input.Names).filter((one) => !found.includes(one)),
        };
      }
      case 'GetParametersByPath':
        return byPath(input);
      case 'PutParameter':
        return put(name, input);
      case 'DeleteParameter':
        stored.delete(existing(name).name);
        return {};
      case 'DeleteParameters': {
        const DeletedParameters = texts(input.Names).filter((one) => find(one));
        for (const one of DeletedParameters) stored.delete(existing(one).name);
        return {
          DeletedParameters,
          InvalidParameters: texts(input.Names).filter((one) => !DeletedParameters.includes(one)),
        };
      }
      case 'GetParameterHistory': {
        const parameter = existing(name);
        return page('Parameters', parameter.history, input, 50, (one) => ({
          ...metadata(parameter, one),
          Value: context.localized(valueOf(one, input)),
          Labels: one.labels,
        }));
      }
      case 'LabelParameterVersion': {
        const parameter = existing(name);
        const selected =
          parameter.select(text(input.ParameterVersion)) ?? unknownVersion(name, text(input.ParameterVersion));
        parameter.label(selected, texts(input.Labels));
        return { InvalidLabels: [], ParameterVersion: selected.version };
      }
      case 'DescribeParameters': {
        const wanted = [...stored.values()].filter((one) => isWanted(one, input.ParameterFilters));
        return page('Parameters', wanted, input, 50, (one) => metadata(one, one.latest));
      }
      default:
        return tagging(operation, existing(text(input.ResourceId) ?? '', 'InvalidResourceId'), input);
    }
  }

  function existing(id: string, code = 'ParameterNotFound'): Parameter {
    const found = find(id);
    // Systems Manager returns only the code.
    if (!found) throw new AwsError(code, '');
    return found;
  }

  function version(id: string): ParameterVersion {
    return existing(id).select(selectorOf(id)) ?? unknownVersion(nameOf(id), selectorOf(id));
  }

  function put(name: string, input: JsonObject): JsonObject {
    const before = find(name);
    if (!before) checkName(name);
    if (before && input.Overwrite !== true) {
      const message =
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.';
      throw new AwsError('ParameterAlreadyExists', message);
    }
    const tags = records(input.Tags);
    if (input.Overwrite === true && tags.length > 0) {
      const message =
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.";
      throw new AwsError('ValidationException', message);
    }
    const written = newVersion(input, before?.latest);
    const [fault] = policyFaults({ ...input, Tier: written.tier });
    if (fault !== undefined) throw new AwsError('ValidationException', fault);
    if (hasPolicies(input)) {
      throw new AwsError('LocalRunUnsupported', 'The local run does not run the policies of a parameter.', 501);
    }
    const parameter = before ?? new Parameter(name);
    stored.set(parameter.name, parameter);
    for (const { Key, Value } of tags) parameter.tags.set(text(Key) ?? '', text(Value) ?? '');
    return { Version: parameter.write(written).version, Tier: written.tier };
  }

  function byPath(input: JsonObject): JsonObject {
    const path = text(input.Path) ?? '';
    if (!path.startsWith('/')) {
      const message =
        'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive).';
      throw new AwsError('ValidationException', message);
    }
    const above = path.replace(/\/?$/, '/');
    const below = [...stored.values()]
      .filter(
        ({ name }) => name.startsWith(above) && (input.Recursive === true || !name.slice(above.length).includes('/')),
      )
      .filter((one) => isWanted(one, input.ParameterFilters));
    return page('Parameters', below, input, 10, (one) => shown(one, one.latest, input));
  }

  function tagging(operation: string, { tags }: Parameter, input: JsonObject): JsonObject {
    if (operation === 'AddTagsToResource') {
      for (const { Key, Value } of records(input.Tags)) tags.set(text(Key) ?? '', text(Value) ?? '');
      return {};
    }
    if (operation === 'ListTagsForResource') return { TagList: [...tags].map(([Key, Value]) => ({ Key, Value })) };
    for (const key of texts(input.TagKeys)) tags.delete(key);
    return {};
  }

  function shown(parameter: Parameter, one: ParameterVersion, input: JsonObject): JsonObject {
    const { type, dataType, modified } = one;
    return {
      Name: parameter.name,
      Type: type,
      Value: context.localized(valueOf(one, input)),
      Version: one.version,
      LastModifiedDate: modified,
      ARN: arnOf(parameter.name),
      DataType: dataType,
    };
  }

  function metadata({ name }: Parameter, one: ParameterVersion): JsonObject {
    const { type, dataType, tier, description, allowedPattern, modified } = one;
    return {
      Name: name,
      ARN: arnOf(name),
      Type: type,
      LastModifiedDate: modified,
      Version: one.version,
      Tier: tier,
      DataType: dataType,
      Policies: [],
      ...(description !== undefined && { Description: description }),
      ...(allowedPattern !== undefined && { AllowedPattern: allowedPattern }),
    };
  }

  function needs({ operation, input }: Call): readonly Need[] | undefined {
    const need = (action: string, id: unknown): Need => ({ action: `ssm:${action}`, resource: arnOf(text(id) ?? '') });
    if (ON_ONE.includes(operation)) {
      const tags = operation === 'PutParameter' && records(input.Tags).length > 0;
      return [need(operation, input.Name), ...(tags ? [need('AddTagsToResource', input.Name)] : [])];
    }
    if (ON_SEVERAL.includes(operation)) return texts(input.Names).map((name) => need(operation, name));
    if (operation === 'GetParametersByPath') {
      return [{ ...need(operation, input.Path), context: { 'ssm:Recursive': String(input.Recursive === true) } }];
    }
    if (operation === 'DescribeParameters') return [{ action: 'ssm:DescribeParameters', resource: '*' }];
    const tagged =
      ON_TAGS.includes(operation) && (input.ResourceType === 'Parameter' || input.ResourceType === undefined);
    return tagged ? [need(operation, input.ResourceId)] : undefined;
  }

  return {
    resourceTypes: [PARAMETER],
    start,
    make: (parameter) => {
      make(parameter);
      save();
    },
    api: {
      signingNames: ['ssm'],
      protocol: 'json',
      constraints: CONSTRAINTS,
      denial: { code: 'AccessDeniedException', status: 400 },
      needs,
      handle,
    },
  };
}

function unknownVersion(name: string, selector: string | undefined): never {
  const message = `Systems Manager could not find version ${selector} of ${name}. Verify the version and try again.`;
  throw new AwsError('ParameterVersionNotFound', message);
}

function valueOf({ type, value }: ParameterVersion, { WithDecryption }: JsonObject): string {
  return type === 'SecureString' && WithDecryption !== true ? ciphertext(value) : value;
}

function page<T>(
  name: string,
  all: readonly T[],
  input: JsonObject,
  max: number,
  show: (one: T) => JsonObject,
): JsonObject {
  const { items, next } = pageOf(all, text(input.NextToken), Math.min(number(input.MaxResults) ?? max, max));
  return { [name]: items.map(show), ...(next !== undefined && { NextToken: next }) };
}

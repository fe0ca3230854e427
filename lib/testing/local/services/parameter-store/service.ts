import { AwsError, jsonResponse } from '../../kernel/aws-errors';
import type { Call, HttpResponse } from '../../kernel/call';
import { text, texts } from '../../kernel/json';
import type { LocalContext, LocalService } from '../../kernel/service';

interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly type: string;
}

/** Parameter Store of AWS Systems Manager: the parameters of the templates, and those that the user gives. */
export function parameters(context: LocalContext): LocalService {
  const stored = new Map<string, Parameter>();
  for (const { name, properties } of context.deployment.ofType('AWS::SSM::Parameter')) {
    stored.set(name, { name, value: text(properties.Value) ?? '', type: text(properties.Type) ?? 'String' });
  }
  for (const [name, value] of Object.entries(context.options.parameters)) {
    stored.set(name, { name, value, type: stored.get(name)?.type ?? 'SecureString' });
  }

  const nameOf = (id: string) => id.replace(/^arn:[^:]+:ssm:[^:]*:\d*:parameter(\/?)/, '$1').replace(/:\d+$/, '');
  const find = (id: string) => stored.get(nameOf(id)) ?? stored.get(nameOf(id).replace(/^\//, ''));
  const arnOf = (id: string) => context.arn('ssm', `parameter/${nameOf(id).replace(/^\//, '')}`);

  async function handle({ operation, input }: Call): Promise<HttpResponse> {
    switch (operation) {
      case 'GetParameter': {
        const found = find(text(input.Name) ?? '');
        if (!found) throw new AwsError('ParameterNotFound', '');
        return jsonResponse({ Parameter: shown(found) });
      }
      case 'GetParameters': {
        const names = texts(input.Names);
        return jsonResponse({
          Parameters: names
            .map(find)
            .filter((one) => one !== undefined)
            .map(shown),
          InvalidParameters: names.filter((name) => !find(name)),
        });
      }
      default: {
        const path = (text(input.Path) ?? '/').replace(/\/?$/, '/');
        const below = [...stored.values()].filter(
          ({ name }) => name.startsWith(path) && (input.Recursive === true || !name.slice(path.length).includes('/')),
        );
        return jsonResponse({ Parameters: below.map(shown) });
      }
    }
  }

  function shown({ name, value, type }: Parameter): Readonly<Record<string, unknown>> {
    return { Name: name, Type: type, Value: value, Version: 1, ARN: arnOf(name), DataType: 'text' };
  }

  return {
    resourceTypes: ['AWS::SSM::Parameter'],
    api: {
      signingNames: ['ssm'],
      protocol: 'json',
      denial: { code: 'AccessDeniedException', status: 400 },
      needs: ({ operation, input }) => {
        const action = `ssm:${operation}`;
        if (operation === 'GetParameter') return [{ action, resource: arnOf(text(input.Name) ?? '') }];
        if (operation === 'GetParameters') return texts(input.Names).map((name) => ({ action, resource: arnOf(name) }));
        if (operation === 'GetParametersByPath') return [{ action, resource: arnOf(text(input.Path) ?? '') }];
        return undefined;
      },
      handle,
    },
  };
}

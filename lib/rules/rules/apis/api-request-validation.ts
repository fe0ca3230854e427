import type { Route } from '../../../core/model/api-route';
import { routes } from '../../../core/model/api-routes';
import type { Resource } from '../../../core/model/model';
import { at, entries, isMap, items, toBoolean, toText } from '../../../core/model/select';
import type { ValueMap } from '../../../core/model/values';
import type { Judgement, Rule } from '../../rule';

export const apiRequestValidation: Rule = {
  id: 'ApiRequestValidation',
  severity: 'warning',
  title: 'A method of a REST API that declares a model or a required parameter validates it',
  why: 'Without a validator the declaration does nothing: every request goes through to the function.',
  fix: 'set RequestValidatorId, or x-amazon-apigateway-request-validator in an OpenAPI document',
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html',
  *check({ model }) {
    for (const route of routes(model)) {
      if (route.kind !== 'rest') continue;
      const declared = route.operation ? inDocument(route.api, route.operation) : onMethod(route.holder);
      if (declared) yield judgement(route, declared);
    }
  },
};

/** What a method declares without validating it. */
interface Declared {
  readonly property?: string;
  readonly model: boolean;
  /** `querystring.page` */
  readonly required: readonly string[];
}

function judgement({ holder, key, property, operation }: Route, declared: Declared): Judgement {
  const what = declared.model ? 'declares a model' : `requires ${declared.required.join(', ')}`;
  return {
    resource: holder,
    property: operation ? property : (declared.property ?? property),
    ...(operation && { detail: key }),
    message: `${what} for ${key}, but validates nothing`,
  };
}

function onMethod(method: Resource): Declared | undefined {
  if (at(method, 'RequestValidatorId') !== undefined) return undefined;
  const model = entries(at(method, 'RequestModels')).length > 0;
  // Path parameters are always present.
  const required = entries(at(method, 'RequestParameters'))
    .filter(([name, value]) => !name.startsWith('method.request.path.') && toBoolean(value) === true)
    .map(([name]) => name.replace('method.request.', ''));
  if (!model && required.length === 0) return undefined;
  return { property: model ? 'RequestModels' : 'RequestParameters', model, required };
}

const VALIDATOR = 'x-amazon-apigateway-request-validator';
const PLACES: Readonly<Record<string, string>> = { query: 'querystring', header: 'header' };

function inDocument(api: Resource | undefined, operation: ValueMap): Declared | undefined {
  if (at(operation, [VALIDATOR]) !== undefined || at(api, ['Body', VALIDATOR]) !== undefined) return undefined;
  const parameters = items(at(operation, 'parameters'));
  const required = parameters.flatMap((parameter) => {
    const place = PLACES[toText(at(parameter, 'in')) ?? ''];
    const name = toText(at(parameter, 'name'));
    return place !== undefined && name !== undefined && toBoolean(at(parameter, 'required')) === true
      ? [`${place}.${name}`]
      : [];
  });
  const model =
    parameters.some((parameter) => toText(at(parameter, 'in')) === 'body' && at(parameter, 'schema') !== undefined) ||
    entries(at(operation, 'requestBody.content')).some(
      ([, media]) => isMap(media) && at(media, 'schema') !== undefined,
    );
  return model || required.length > 0 ? { model, required } : undefined;
}

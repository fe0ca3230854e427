import { displayName } from '../model/display';
import type { Model, Resource } from '../model/model';
import { at, eachBranch, items, toText } from '../model/select';
import type { Value } from '../model/values';
import type { AccessNames } from './access-names';
import { type Grant, needing } from './grants';
import { open, unknown } from './setting-grants';

const KEY = 'API_KEY';

/** Public access to AppSync APIs that require only an API key, which every client has. */
export function publicGraphql(model: Model, access: AccessNames): readonly Grant[] {
  return [
    ...model.ofType('AWS::AppSync::GraphQLApi').flatMap((api) => ofGraphqlApi(api, access)),
    ...model.ofType('AWS::AppSync::Api').flatMap((api) => ofEventApi(api, access)),
  ];
}

function ofGraphqlApi(api: Resource, access: AccessNames): readonly Grant[] {
  const resource = `${access.names.arn(api) ?? displayName(api)}/*`;
  const others = items(at(api, 'AdditionalAuthenticationProviders'));
  return [
    ...byKey(api, at(api, 'AuthenticationType'), ['appsync:GraphQL'], resource),
    ...others
      .flatMap((provider) => byKey(api, at(provider, 'AuthenticationType'), ['appsync:GraphQL'], resource))
      .map((grant) => needing(grant, 'the schema opens the field to keys')),
  ].map((grant) =>
    toText(at(api, 'Visibility')) === 'PRIVATE' ? needing(grant, 'the caller is in the network of the API') : grant,
  );
}

/** The operations of an Event API's authorization modes. */
const MODES = [
  ['ConnectionAuthModes', 'appsync:EventConnect'],
  ['DefaultPublishAuthModes', 'appsync:EventPublish'],
  ['DefaultSubscribeAuthModes', 'appsync:EventSubscribe'],
] as const;

function ofEventApi(api: Resource, access: AccessNames): readonly Grant[] {
  const resource = `${access.names.arn(api) ?? displayName(api)}/*`;
  return MODES.flatMap(([modes, action]) =>
    items(at(api, `EventConfig.${modes}`)).flatMap((mode) => byKey(api, at(mode, 'AuthType'), [action], resource)),
  );
}

function byKey(api: Resource, type: Value | undefined, actions: readonly string[], resource: string): readonly Grant[] {
  return eachBranch(type).flatMap(({ value, when }) => {
    if (value !== undefined && toText(value) === undefined) {
      return unknown(api, actions, resource, 'how it asks who calls is known only at deployment');
    }
    if (toText(value) !== KEY) return [];
    return open(api, actions, [resource], when).map((grant) => needing(grant, 'an API key is given'));
  });
}

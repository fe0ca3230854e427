import { parseJson } from '../model/json-document';
import { displayName } from '../model/display';
import type { Model, Resource } from '../model/model';
import type { Names } from '../model/names';
import { type Assumptions, at, isMap, items, toText } from '../model/select';
import type { Value } from '../model/values';
import { statementOf, type TemplateStatement } from './documents';
import type { ResourcePolicy } from './resource-policies';
import { parseArn } from '../arn';

/** Resource access granted outside IAM policies: RAM shares, OpenSearch Serverless data access. */
export function sharesOf(model: Model, names: Names): readonly ResourcePolicy[] {
  return [
    ...model.ofType('AWS::RAM::ResourceShare').map((share) => ofShare(share, names)),
    ...model.ofType('AWS::OpenSearchServerless::AccessPolicy').map((policy) => ofDataAccess(policy, names)),
  ];
}

/**
 * Resources shared with accounts, an organization or single roles. What these may do is defined by a RAM permission,
 * which is not part of a template.
 * @see https://docs.aws.amazon.com/ram/latest/userguide/getting-started-sharing.html
 */
function ofShare(share: Resource, names: Names): ResourcePolicy {
  const texts = (property: string) =>
    items(at(share, property)).map((value) => names.text(value, share.template) ?? '<unknown>');
  const resources = texts('ResourceArns');
  const services = [...new Set(resources.map((arn) => parseArn(arn)?.service ?? '<unknown>'))];
  const statements = texts('Principals').flatMap((principal) =>
    statementAt(share, names, 'Principals', {
      Effect: 'Allow',
      ...sharedWith(principal),
      Action: services.map((service) => `${service}:<what the permission of the share allows>`),
      Resource: resources,
    }),
  );
  return { name: displayName(share), targets: resources, about: [], statements };
}

/** Whom a share names, as a statement does. */
interface SharedWith {
  readonly Principal: Readonly<Record<string, string>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** An account, a role or user, a service, or everyone in an organization or organizational unit. */
export function sharedWith(principal: string): SharedWith {
  const [, organization, unit] =
    /:organizations::\d*:(?:organization|ou)\/(o-\w+)(?:\/(ou-[\w-]+))?$/.exec(principal) ?? [];
  if (organization === undefined) {
    return { Principal: { [/\.amazonaws\.com$/.test(principal) ? 'Service' : 'AWS']: principal } };
  }
  const condition: SharedWith['Condition'] =
    unit === undefined
      ? { StringEquals: { 'aws:PrincipalOrgID': organization } }
      : { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `${organization}/*/${unit}/*` } };
  return { Principal: { AWS: '*' }, Condition: condition };
}

/**
 * Who may read and write the indexes of collections. The policy is JSON text in a format of its own.
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-data-access.html
 */
function ofDataAccess(policy: Resource, names: Names): ResourcePolicy {
  const rules = parsed(names.text(at(policy, 'Policy'), policy.template));
  const place = (name: string) => names.parameter(`AWS::${name}`, policy.template);
  const arn = (resource: string) =>
    `arn:${place('Partition')}:aoss:${place('Region')}:${place('AccountId')}:${resource}`;
  if (rules === undefined) {
    const problem = 'its policy is not a JSON list of rules, or is known only at deployment';
    const unread = { holder: policy, property: 'Policy', when: conditionOf(policy), problem };
    return { name: displayName(policy), targets: [arn('*')], about: [], statements: [unread] };
  }
  const statements = rules.flatMap((rule) =>
    items(at(rule, 'Rules')).flatMap((one) =>
      statementAt(policy, names, 'Policy', {
        Effect: 'Allow',
        Principal: { AWS: items(at(rule, 'Principal')) },
        Action: items(at(one, 'Permission')),
        Resource: items(at(one, 'Resource')).map((resource) => arn(toText(resource) ?? '<unknown>')),
      }),
    ),
  );
  return { name: displayName(policy), targets: [arn('*')], about: [], statements };
}

function parsed(text: string | undefined): readonly Value[] | undefined {
  try {
    const rules = parseJson(text ?? '', '').data as Value;
    return Array.isArray(rules) && rules.every(isMap) ? rules : undefined;
  } catch {
    return undefined;
  }
}

function statementAt(holder: Resource, names: Names, property: string, statement: Value): readonly TemplateStatement[] {
  return statementOf(statement, { holder, property, kind: 'resource', names }, conditionOf(holder));
}

function conditionOf({ attributes: { condition } }: Resource): Assumptions {
  return condition === undefined ? {} : { [condition]: true };
}

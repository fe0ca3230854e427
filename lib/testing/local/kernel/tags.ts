import type { Context, PolicyDocument } from '../../../access';
import { parseArn, functionOfArn, tableOfArn } from '../../../core/arn';
import { isConditionKey } from '../../../core/iam/condition-keys';
import type { Caller } from './caller';
import type { Deployed, Deployment } from './deployment';
import { isRecord, type JsonObject, recordOf, records, text, texts } from './json';
import type { Need } from './judge';

/** Resource types whose tags IAM reads. A bucket's are read only if its owner has enabled that. */
const TAGGED = [
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::Events::EventBus',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::Kinesis::Stream',
  'AWS::Lambda::Function',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::SSM::Parameter',
  'AWS::SecretsManager::Secret',
  'AWS::StepFunctions::StateMachine',
];

/** The tags of resources and of callers' roles, as policy conditions read them. */
export class Tags {
  private readonly readers = new WeakMap<PolicyDocument, boolean>();

  /** @param deployment the resources with their tags; tags that handlers write are ignored */
  constructor(private readonly deployment: Pick<Deployment, 'model' | 'withArn' | 'ofType'>) {}

  /**
   * The tag context of a request, if a policy reads any.
   * @param documents the policies that judge it
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
   */
  contextOf(documents: readonly PolicyDocument[], caller: Caller, resource: string): Context {
    if (!documents.some((document) => this.isReader(document))) return {};
    const owner = this.deployment.withArn(ownerOf(resource), ...TAGGED);
    const service = parseArn(resource)?.service;
    const role = this.roleOf(caller.arn);
    return Object.fromEntries([
      ...(role ? this.tagsOf(role) : []).map(([name, value]) => [`aws:PrincipalTag/${name}`, value]),
      ...(owner ? this.tagsOf(owner) : []).flatMap(([name, value]) => {
        // Only a few services have their own tag condition key.
        const keys = ['aws', service].map((prefix) => `${prefix}:ResourceTag/${name}`);
        return keys.filter((key) => isConditionKey(key) === true).map((key) => [key, value]);
      }),
    ]);
  }

  private tagsOf(resource: Deployed): readonly (readonly [name: string, value: string])[] {
    return tagsOf(this.deployment, resource);
  }

  private isReader(document: PolicyDocument): boolean {
    const known = this.readers.get(document) ?? /(Resource|Principal)Tag\//i.test(JSON.stringify(document));
    this.readers.set(document, known);
    return known;
  }

  private roleOf(session: string): Deployed | undefined {
    const { account, resource = '' } = parseArn(session) ?? {};
    const [kind, name] = resource.split('/');
    if (kind !== 'assumed-role') return undefined;
    const roles = this.deployment.ofType('AWS::IAM::Role');
    return roles.find(({ arn }) => parseArn(arn)?.account === account && arn.endsWith(`/${name}`));
  }
}

/** A resource's own tags, and its stack's. */
export function tagsOf(
  { model }: Pick<Deployment, 'model'>,
  { properties, resource }: Deployed,
): readonly (readonly [name: string, value: string])[] {
  const { tags = {} } = model.templates.get(resource.template) ?? {};
  return Object.entries({ ...tags, ...Object.fromEntries(tagsIn(properties)) });
}

/**
 * A call's needs, with the tags that it adds, or removes by name.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requesttag
 */
export function withRequestTags(needs: readonly Need[], input: JsonObject): readonly Need[] {
  const brought = pairsIn(input.Tags ?? input.tags);
  const names = [...brought.map(([name]) => name), ...texts(input.TagKeys ?? input.tagKeys)];
  if (names.length === 0) return needs;
  const values = brought.map(([name, value]) => [`aws:RequestTag/${name}`, value]);
  const tags = { 'aws:TagKeys': names, ...Object.fromEntries(values) };
  return needs.map((need) =>
    need.action === 'iam:PassRole' ? need : { ...need, context: { ...tags, ...need.context } },
  );
}

/** The resource whose tags count: an index's or stream's table, a version's or alias's function. */
function ownerOf(arn: string): string {
  return tableOfArn(functionOfArn(arn));
}

/** Tags from a list or a map; for a table with replicas, those of the first. */
function tagsIn(properties: Deployed['properties']): readonly (readonly [name: string, value: string])[] {
  return pairsIn(properties.Tags ?? recordOf(records(properties.Replicas)[0]).Tags);
}

function pairsIn(tags: unknown): readonly (readonly [name: string, value: string])[] {
  if (isRecord(tags)) return Object.entries(tags).map(([name, value]) => [name, text(value) ?? '']);
  return records(tags).map(({ Key, key = Key, Value, value = Value }) => [text(key) ?? '', text(value) ?? '']);
}

import { type Statement } from './policy';
import { displayName } from '../model/display';
import { type Model, type Resource } from '../model/model';
import { type Names } from '../model/names';
import { type Assumptions, at, eachBranch, items } from '../model/select';
import { type Value } from '../model/values';
import { statementOf, statementsOf, type TemplateStatement } from './documents';

/** A policy that says who may use a resource. */
export interface ResourcePolicy {
  /** For a reader: where it stands. */
  readonly name: string;
  /** The ARNs of the resources that it is for; empty for a policy of an account, whose statements name theirs. */
  readonly targets: readonly string[];
  /** Its statements in every branch. */
  readonly statements: readonly TemplateStatement[];
}

interface Place {
  /** Where the document stands; `*` is any item of a list. */
  readonly document: string;
  /** The property that names what the policy is for; absent where that is the resource itself. */
  readonly target?: string;
}

/** Where the types of CloudFormation have resource policies. */
const PLACES: Readonly<Record<string, readonly Place[]>> = {
  'AWS::ApiGateway::RestApi': [{ document: 'Policy' }],
  'AWS::DynamoDB::GlobalTable': [{ document: 'Replicas.*.ResourcePolicy.PolicyDocument' }],
  'AWS::DynamoDB::Table': [{ document: 'ResourcePolicy.PolicyDocument' }],
  'AWS::ECR::Repository': [{ document: 'RepositoryPolicyText' }],
  'AWS::EFS::FileSystem': [{ document: 'FileSystemPolicy' }],
  'AWS::Events::EventBus': [{ document: 'Policy' }],
  'AWS::IAM::Role': [{ document: 'AssumeRolePolicyDocument' }],
  'AWS::Kinesis::ResourcePolicy': [{ document: 'ResourcePolicy', target: 'ResourceArn' }],
  'AWS::KMS::Key': [{ document: 'KeyPolicy' }],
  'AWS::Logs::ResourcePolicy': [{ document: 'PolicyDocument' }],
  'AWS::S3::AccessPoint': [{ document: 'Policy' }],
  'AWS::S3::BucketPolicy': [{ document: 'PolicyDocument', target: 'Bucket' }],
  'AWS::SecretsManager::ResourcePolicy': [{ document: 'ResourcePolicy', target: 'SecretId' }],
  'AWS::SNS::TopicInlinePolicy': [{ document: 'PolicyDocument', target: 'TopicArn' }],
  'AWS::SNS::TopicPolicy': [{ document: 'PolicyDocument', target: 'Topics' }],
  'AWS::SQS::QueueInlinePolicy': [{ document: 'PolicyDocument', target: 'Queue' }],
  'AWS::SQS::QueuePolicy': [{ document: 'PolicyDocument', target: 'Queues' }],
};

/** Policies of an account rather than of the resource that holds them. */
const OF_ACCOUNT = ['AWS::Logs::ResourcePolicy'];

/** Every resource policy of a model, function permissions and event bus policies included. */
export function resourcePoliciesOf(model: Model, names: Names): readonly ResourcePolicy[] {
  const documents = Object.entries(PLACES).flatMap(([type, places]) =>
    model.ofType(type).flatMap((resource) => places.flatMap((place) => read(resource, place, model, names))),
  );
  const permissions = model.ofType('AWS::Lambda::Permission').map((one) => permission(one, model, names));
  const buses = model.ofType('AWS::Events::EventBusPolicy').map((one) => busPolicy(one, model, names));
  return [...documents, ...permissions, ...buses];
}

function read(resource: Resource, { document, target }: Place, model: Model, names: Names): ResourcePolicy[] {
  const [list, inner] = document.split('.*.');
  const documents =
    inner === undefined ? [at(resource, document)] : items(at(resource, list!)).map((item) => at(item, inner));
  const targets = OF_ACCOUNT.includes(resource.type) ? [] : targetsOf(resource, target, model, names);
  return documents.flatMap((value) => {
    const own = target === undefined ? resource : model.target(items(at(resource, target))[0]);
    const statements = guarded(resource, own, statementsOf(value, 'resource', names, resource.template));
    if (statements.length === 0) return [];
    return [{ name: displayName(resource), targets, statements }];
  });
}

function targetsOf(resource: Resource, target: string | undefined, model: Model, names: Names): readonly string[] {
  if (target === undefined) return [names.arn(resource) ?? unnamed(resource)];
  return items(at(resource, target)).map((value) => {
    const named = model.target(value);
    return (named && (names.arn(named) ?? unnamed(named))) ?? names.text(value, resource.template) ?? '*';
  });
}

/** Stands for the ARN of a resource whose type has none here. */
function unnamed(resource: Resource): string {
  return `<${displayName(resource)}>`;
}

function permission(resource: Resource, model: Model, names: Names): ResourcePolicy {
  const text = (value: Value | undefined) => names.text(value, resource.template);
  const target = functionArn(resource, model, names);
  const statements = eachBranch(resource.properties['Principal']).map(({ value, when }): TemplateStatement => {
    const principal = text(value) ?? '<unknown>';
    const keys = [
      ['ArnLike', 'aws:SourceArn', 'SourceArn'],
      ['StringEquals', 'aws:SourceAccount', 'SourceAccount'],
      ['StringEquals', 'aws:PrincipalOrgID', 'PrincipalOrgID'],
      ['StringEquals', 'lambda:EventSourceToken', 'EventSourceToken'],
      ['StringEquals', 'lambda:FunctionUrlAuthType', 'FunctionUrlAuthType'],
      ['Bool', 'lambda:InvokedViaFunctionUrl', 'InvokedViaFunctionUrl'],
    ] as const;
    const conditions: Record<string, Record<string, string>> = {};
    for (const [operator, key, property] of keys) {
      const given = at(resource, property);
      if (given !== undefined)
        conditions[operator] = { ...conditions[operator], [key]: text(given) ?? `<${property}>` };
    }
    const statement: Statement = {
      Effect: 'Allow',
      Principal:
        principal === '*' ? '*' : /\.amazon(aws)?\./.test(principal) ? { Service: principal } : { AWS: principal },
      Action: text(at(resource, 'Action')) ?? 'lambda:<unknown>',
      Resource: target,
      ...(Object.keys(conditions).length > 0 && { Condition: conditions }),
    };
    return { statement, when };
  });
  return {
    name: displayName(resource),
    targets: [target],

    statements: guarded(resource, model.target(at(resource, 'FunctionName')), statements),
  };
}

/** `FunctionName` may be a name, a name with a version, or an ARN. */
function functionArn(resource: Resource, model: Model, names: Names): string {
  const value = at(resource, 'FunctionName');
  const target = model.target(value);
  const arn = target && names.arn(target);
  if (arn !== undefined) return arn;
  const text = names.text(value, resource.template) ?? '<unknown>';
  if (text.startsWith('arn:')) return text;
  const place = (name: string) => names.parameter(`AWS::${name}`, resource.template);
  const prefix = `arn:${place('Partition')}:lambda:${place('Region')}:${place('AccountId')}:function:`;
  return prefix + text.replace(/^.*function:/, '');
}

function busPolicy(resource: Resource, model: Model, names: Names): ResourcePolicy {
  const place = (name: string) => names.parameter(`AWS::${name}`, resource.template);
  const bus = names.text(at(resource, 'EventBusName'), resource.template) ?? 'default';
  const arn = `arn:${place('Partition')}:events:${place('Region')}:${place('AccountId')}:event-bus/${bus}`;
  const whole = at(resource, 'Statement');
  const statements = statementOf(whole ?? putEvents(resource), 'resource', names, resource.template);
  return {
    name: displayName(resource),
    targets: [arn],

    statements: guarded(resource, model.target(at(resource, 'EventBusName')), statements),
  };
}

/** The older form: an action, an account and a condition of its own. */
function putEvents(resource: Resource): Value {
  const { Action, Principal, Condition } = resource.properties;
  const condition = Condition && {
    [String(at(Condition, 'Type'))]: { [String(at(Condition, 'Key'))]: at(Condition, 'Value') ?? '' },
  };
  return {
    Effect: 'Allow',
    Principal: Principal === '*' ? '*' : { AWS: Principal ?? '*' },
    Action: Action ?? 'events:PutEvents',
    ...(condition && { Condition: condition }),
  };
}

/** A policy that only exists under a condition applies only then, unless its target has the same condition. */
function guarded(
  resource: Resource,
  target: Resource | undefined,
  statements: readonly TemplateStatement[],
): readonly TemplateStatement[] {
  const { condition } = resource.attributes;
  if (condition === undefined || condition === target?.attributes.condition) return statements;
  const when: Assumptions = { [condition]: true };
  return statements.map((statement) => ({ ...statement, when: { ...statement.when, ...when } }));
}

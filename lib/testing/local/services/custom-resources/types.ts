import { text } from '../../kernel/json';
import type { Deployed, Deployment } from '../../kernel/deployment';

/** What CDK's own helpers do when a stack is deleted or when nobody looks: they change nothing that runs here. */
const SILENT: readonly string[] = [
  'Custom::S3AutoDeleteObjects',
  'Custom::ECRAutoDeleteImages',
  'Custom::LogRetention',
  'Custom::VpcRestrictDefaultSG',
  'Custom::CloudwatchLogResourcePolicy',
];

/** Those that another part of the run models. */
const MODELLED: readonly string[] = ['Custom::S3BucketNotifications'];

const CUSTOM = /^(Custom::|AWS::CloudFormation::CustomResource$)/;

/** The types of custom resources in the templates: those that need no running, and those whose functions are called. */
export function customTypes(deployment: Deployment): {
  readonly silent: readonly string[];
  readonly called: readonly string[];
} {
  const all = [...deployment.types().keys()].filter((type) => CUSTOM.test(type) && !MODELLED.includes(type));
  return {
    silent: all.filter((type) => SILENT.includes(type)),
    called: all.filter((type) => !SILENT.includes(type)),
  };
}

/** The custom resources that are to be made: those of which the test has given no answer. */
export function unansweredIn(deployment: Deployment, answers: ReadonlyMap<string, unknown>): readonly Deployed[] {
  const { called } = customTypes(deployment);
  return deployment.planned.filter(({ type, resource }) => called.includes(type) && !answers.has(resource.id));
}

/**
 * The functions behind custom resources that need no running of them, by id: whether they run is of no interest.
 * @param done types that the run makes by itself
 */
export function helpersIn(deployment: Deployment, done: readonly string[]): ReadonlySet<string> {
  const users = deployment.planned.filter(({ type }) => CUSTOM.test(type));
  const behind = (wanted: readonly Deployed[]) =>
    new Set(wanted.map(({ properties }) => text(properties.ServiceToken)));
  const idle = [...SILENT, ...MODELLED, ...done];
  const needed = behind(users.filter(({ type }) => !idle.includes(type)));
  const others = behind(users.filter(({ type }) => idle.includes(type)));
  return new Set(
    deployment
      .ofType('AWS::Lambda::Function')
      .filter(({ arn }) => others.has(arn) && !needed.has(arn))
      .map(({ resource }) => resource.id),
  );
}

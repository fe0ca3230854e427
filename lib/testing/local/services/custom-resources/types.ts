import { text } from '../../kernel/json';
import type { Deployed, Deployment } from '../../kernel/deployment';

/** CDK helpers for stack deletion and housekeeping, which do not affect a local run. */
const SILENT: readonly string[] = [
  'Custom::S3AutoDeleteObjects',
  'Custom::ECRAutoDeleteImages',
  'Custom::LogRetention',
  'Custom::VpcRestrictDefaultSG',
  'Custom::CloudwatchLogResourcePolicy',
];

/** Those modelled by another part of the run. */
const MODELLED: readonly string[] = ['Custom::S3BucketNotifications'];

const CUSTOM = /^(Custom::|AWS::CloudFormation::CustomResource$)/;

/** The custom resource types in the templates: those that need not run, and those whose functions are called. */
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

/** The custom resources to create: those without an answer from the test. */
export function unansweredIn(deployment: Deployment, answers: ReadonlyMap<string, unknown>): readonly Deployed[] {
  const { called } = customTypes(deployment);
  return deployment.planned.filter(({ type, resource }) => called.includes(type) && !answers.has(resource.id));
}

/**
 * The functions behind custom resources that need not run, by id.
 * @param done types that the run creates itself
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

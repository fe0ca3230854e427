/** What CDK puts in place of a role, or of a cluster, until `cdk synth` has looked it up. */
const STAND_INS: readonly (readonly [member: string, value: RegExp])[] = [
  ['roleArn', /:role\/DUMMY_ARN$/],
  ['clusterResourceIdentifier', /^TESTID$/],
];

/**
 * Whether a resource from `fromLookup` is not looked up yet: CDK then runs the program once more, with what it has found.
 * @see https://docs.aws.amazon.com/cdk/v2/guide/context.html
 */
export function isStandIn(resource: object): boolean {
  return STAND_INS.some(([member, value]) => member in resource && value.test(memberOf(resource, member)));
}

/** A member of an imported cluster throws if the import left it out. */
function memberOf(resource: object, member: string): string {
  try {
    return String((resource as Readonly<Record<string, unknown>>)[member]);
  } catch {
    return '';
  }
}

import * as events from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { statementIdLength } from '../../core/facts/events';
import type { Check } from '../../core/check/check';
import { filled, known, list } from '../../core/check/kinds';
import { checkProps, type Shape } from '../../core/check/shape';
import { CALLS } from '../../core/iam/platform-actions';
import { isUnresolved } from '../../core/unresolved';

/** Whose events a hub accepts, and which. Exactly one of `account` and `organization`. */
export interface AcceptProps {
  /**
   * Another account, twelve digits: `'111122223333'`.
   * @default - `organization` is given
   */
  readonly account?: string;
  /**
   * An AWS organisation: `'o-a1b2c3d4e5'`.
   * @default - `account` is given
   */
  readonly organization?: string;
  /** Source of the events, by exact name. */
  readonly source: string;
  /** Types of the events, by exact name. */
  readonly types: readonly string[];
}

/** Shape of `acceptFrom()`'s props. */
export const ACCEPT: Shape<AcceptProps> = {
  account: filled('111122223333'),
  organization: known(filled('o-a1b2c3d4e5')),
  source: {
    ...known(filled('partner.orders')),
    needed: { rule: 'must be given', remedy: "name the source: 'partner.orders'" },
  },
  types: {
    ...list(known(filled('OrderPlaced')), "['OrderPlaced']"),
    needed: { rule: 'must be given', remedy: "name the types: ['OrderPlaced']" },
  },
};

/**
 * Lets others put events on a bus: of this source and these types only. By default a bus accepts none from outside.
 * @param id of the policy, unique among those of the bus
 */
export function acceptFrom(
  scope: Construct,
  id: string,
  bus: events.IEventBus,
  props: AcceptProps,
): events.CfnEventBusPolicy {
  checkProps(scope, props, ACCEPT, (given) => [
    {
      prop: 'id',
      value: id,
      valid: () => /^[A-Za-z0-9_-]+$/.test(id) && id.length <= statementIdLength.value,
      rule: `must be at most ${statementIdLength.value} letters, digits, dashes and underscores, as it names the statement`,
      remedy: 'choose another',
    },
    ...checksOf(given),
  ]);
  const { account, organization, source, types } = props;
  return new events.CfnEventBusPolicy(scope, id, {
    eventBusName: bus.eventBusName,
    statementId: id,
    statement: {
      Sid: id,
      Effect: 'Allow',
      Principal: account === undefined ? '*' : { AWS: `arn:${bus.stack.partition}:iam::${account}:root` },
      Action: CALLS.bus.required,
      Resource: bus.eventBusArn,
      Condition: {
        'ForAllValues:StringEquals': { 'events:source': [source], 'events:detail-type': [...new Set(types)].sort() },
        Null: { 'events:source': 'false', 'events:detail-type': 'false' },
        ...(organization !== undefined && { StringEquals: { 'aws:PrincipalOrgID': organization } }),
      },
    },
  });
}

function checksOf({ account, organization, types }: AcceptProps): Check[] {
  return [
    {
      prop: 'account',
      value: account,
      valid: () => (account === undefined) !== (organization === undefined),
      rule: "must be given, or else 'organization', but not both",
      remedy: "name who may put events here: account: '111122223333'",
    },
    {
      prop: 'account',
      value: account,
      valid: () => account === undefined || isUnresolved(account) || /^\d{12}$/.test(account),
      rule: 'must be twelve digits',
      remedy: "write it as '111122223333'",
    },
    {
      prop: 'organization',
      value: organization,
      valid: () => organization === undefined || /^o-[a-z0-9]{10,32}$/.test(organization),
      rule: 'must be the id of an AWS organisation',
      remedy: "write it as 'o-a1b2c3d4e5'",
    },
    {
      prop: 'types',
      value: types,
      valid: () => types.length > 0,
      rule: 'must name at least one type',
      remedy: "name the types: ['OrderPlaced']",
    },
  ];
}

import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { alarmSettings } from '../alarms/settings-shape';
import type { Check } from '../../core/check/check';
import { anything, either, filled, flag, known, list, oneOf, record, text } from '../../core/check/kinds';
import type { Shape } from '../../core/check/shape';
import { checkPlacedProps } from '../placed-props';
import { BUCKET, TOPIC } from '../resource-kinds';
import type { EventStoreProps } from './store-props';

/**
 * Checks the props of an event store, one by one and together.
 * @throws PatternError with all failures at once
 */
export function checkStoreProps(store: Construct, props: EventStoreProps): void {
  checkPlacedProps(store, props, SHAPE, (given) => together(given, Stack.of(store).region), NAMES);
}

const SHAPE: Shape<EventStoreProps> = {
  snapshots: flag,
  stream: known(oneOf('table', 'kinesis')),
  writer: known(oneOf('caller', 'function')),
  personal: known(record(list(filled('email'), "['name', 'email']"), "{ OrderPlaced: ['name', 'email'] }")),
  exports: BUCKET,
  claimCheck: either('must be true, false or a bucket', () => 'write true for a new bucket', flag, BUCKET),
  replicas: known(list(filled('eu-central-1'), "['eu-central-1']")),
  writeRegion: text('eu-west-1'),
  encryption: anything,
  removalPolicy: known(oneOf('retain', 'destroy', 'retain-on-update-or-delete')),
  alarmTopic: TOPIC,
  alarms: alarmSettings('EventStore'),
};

/** Names from tables and other libraries, and their equivalents here. */
const NAMES = {
  partitionKey: "leave it out: it is 'id', the aggregate",
  sortKey: "leave it out: it is 'version'",
  timeToLive: 'leave it out: events are kept',
  projections: "call 'project()' for each of them",
};

/** Checks across settings. @param region of the stack */
function together({ replicas = [], writeRegion, personal = {} }: EventStoreProps, region: string): Check[] {
  return [
    {
      prop: 'replicas',
      value: replicas,
      valid: () => replicas.length === 0 || writeRegion !== undefined,
      rule: "must not be given without 'writeRegion', since two regions could append the same version, and one of the events would be lost",
      remedy: `set 'writeRegion' to the region of the stack, and append there only`,
    },
    {
      prop: 'writeRegion',
      value: writeRegion,
      reads: [region],
      valid: () => writeRegion === undefined || writeRegion === region,
      rule: `must be the region of the stack (${region}), where commands and keys are`,
      remedy: 'create the store in a stack in that region',
    },
    ...Object.entries(personal).map(([type, fields]) => ({
      prop: `personal.${type}`,
      value: fields,
      valid: () => fields.length > 0,
      rule: 'must name a field',
      remedy: "leave the type out, or name its fields: ['email']",
    })),
  ];
}

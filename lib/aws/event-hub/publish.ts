import { createHash } from 'node:crypto';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { Check } from '../../core/check/check';
import { filled, known, list, needed } from '../../core/check/kinds';
import { checkProps, type Shape } from '../../core/check/shape';
import { detailType } from '../../core/facts/events';
import { CALLS } from '../../core/iam/platform-actions';
import type { JsonSchema } from '../../core/event-schema/json-schema';
import { Capability } from '../access/capability';
import { found } from '../access/found';
import { busTarget } from '../access/targets';
import { DEFAULT_ENTRY } from './entry-size';
import { validatorCode } from './validators';

/** What a publisher may publish. */
export interface PublishProps {
  /**
   * The `source` of the events: `shop.orders`. A CloudEvents source is a URI reference; names that start with
   * `aws.` are reserved by AWS.
   */
  readonly source: string;
  /** Types of the events: `type` in CloudEvents and `detail-type` on the bus: `['OrderPlaced']`. */
  readonly types: readonly string[];
}

const SHAPE: Shape<PublishProps> = {
  source: known(needed(filled('shop.orders'), "name who publishes: 'shop.orders'")),
  types: needed(list(known(filled('OrderPlaced')), "['OrderPlaced']"), "name what may be published: ['OrderPlaced']"),
};

/**
 * `PutEvents` on one bus, for events of one source and of these types only.
 *
 * `events:source` and `events:detail-type` hold the values of every entry in a request. `ForAllValues` requires each to be
 * declared, `Null` that there is at least one; and there is one statement per source with its types, since `a` with `X` and `b`
 * with `Y` in one statement would allow `a` with `Y`.
 *
 * The variable holds the bus's name. A second one, `<NAME>_PUBLISH_<hash>`, tells the publisher what is declared together:
 * a request with entries that no single statement allows is denied as a whole. With validation, `<NAME>_VALIDATE` is set, and
 * the validators of these types are added to the handler's bundle.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
 */
export function publishTo(
  path: string,
  bus: IEventBus,
  props: PublishProps,
  maxEntrySize: number,
  validated?: Readonly<Record<string, JsonSchema>>,
): Capability {
  checkProps(path, props, SHAPE, checksOf, NAMES);
  const { source } = props;
  const types = [...new Set(props.types)].sort();
  const declared = JSON.stringify({ source, types });
  const hash = createHash('sha256').update(declared).digest('hex').slice(0, 8).toUpperCase();
  return new Capability({
    variables: {
      '': bus.eventBusName,
      [`PUBLISH_${hash}`]: declared,
      ...(maxEntrySize > DEFAULT_ENTRY && { LIMIT: String(maxEntrySize) }),
      ...(validated && { VALIDATE: 'true' }),
    },
    variablesFrom: (place) => found(place, bus.env, () => bus.eventBusArn),
    ...(validated && { prelude: (name: string) => validatorCode(name, types, validated) }),
    statements: [
      {
        actions: CALLS.bus.granted,
        resources: [bus.eventBusArn],
        of: () => busTarget(bus),
        conditions: {
          'ForAllValues:StringEquals': { 'events:source': [source], 'events:detail-type': types },
          Null: { 'events:source': 'false', 'events:detail-type': 'false' },
        },
      },
    ],
  });
}

const NAMES = {
  detailTypes: "write 'types'",
  detailType: "write 'types', a list",
  type: "write 'types', a list",
  sources: "write 'source', and call publish() once per source",
};

/** Characters of a URI reference that no policy treats as a variable or wildcard. */
const SOURCE = /^[A-Za-z0-9][\w.:/~#@!&+-]*$/;
const TYPE = /^[A-Za-z0-9][\w.:/ ~#@!&+-]*$/;

function checksOf({ source, types }: PublishProps): Check[] {
  return [
    {
      prop: 'source',
      value: source,
      valid: () => SOURCE.test(source),
      rule: "must be one exact name of letters, digits and any of '_.:/~#@!&+-', which is compared literally",
      remedy: "name one source, such as 'shop.orders'",
    },
    {
      prop: 'source',
      value: source,
      valid: () => !/^aws\b/i.test(source),
      rule: "must not start with 'aws', which EventBridge reserves for AWS",
      remedy: "choose another name, such as 'shop.orders'",
    },
    {
      prop: 'types',
      value: types,
      valid: () => types.length > 0,
      rule: 'must name at least one type',
      remedy: "name what may be published: ['OrderPlaced']",
    },
    ...types.map((type, index) => ({
      prop: `types.${index}`,
      value: type,
      valid: () => TYPE.test(type) && type.length <= detailType.value,
      rule: `must be one exact name of at most ${detailType.value} letters, digits, blanks and any of '_.:/~#@!&+-', which is compared literally`,
      remedy: "name one type, such as 'OrderPlaced'",
    })),
  ];
}

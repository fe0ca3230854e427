import { call, note, query, task, type ReplayParts } from './tasks';
import type { JsonObject } from '../../../core/record';

/** Labels of the maps, which prefix the names of their executions. */
export const LABELS = { replay: 'Replay', files: 'Files' };

/** Timeout of the lister in seconds. */
export const LISTER_TIMEOUT = 60;

/** Aggregates per call of the projection. */
const TOGETHER = 100;
/** Target size of a part: an execution, of 25,000 events, could handle ten times as much. */
const PART_BYTES = 64 * 1024 * 1024;
const PART_ITEMS = 50_000;
/** The measured size is up to six hours old, and the results of all parts must fit into one state. */
const [LEAST_PARTS, MOST_PARTS] = [32, 8000];

/** Input fields that an execution accepts. */
function fieldsOf({ exports, publishes = false }: ReplayParts): readonly string[] {
  const own = publishes ? ['until'] : ['rebuild'];
  return ['ids', 'since', ...own, ...(exports === undefined ? [] : ['export']), 'segments'];
}

/**
 * The state machine of a replay: a distributed map over scan segments, export files or given aggregates, whose
 * child executions list aggregates and let the projection catch up with each. Event contents do not pass through it.
 */
export function replayDefinition(parts: ReplayParts): JsonObject {
  return {
    Comment: `Replays events into ${parts.projection}; redrive what failed, to go on where it was`,
    QueryLanguage: 'JSONata',
    StartAt: 'Asked',
    States: { ...before(parts), ...maps(parts), ...ends(parts) },
  };
}

function before(parts: ReplayParts): JsonObject {
  const files = parts.exports === undefined ? [] : [{ Condition: query('$manifest != null'), Next: LABELS.files }];
  const fields = fieldsOf(parts);
  return {
    Asked: {
      Type: 'Choice',
      Choices: [
        {
          Condition: query(`$count($keys($states.input)[$not($ in ${JSON.stringify(fields)})]) > 0`),
          Next: 'Refused',
        },
      ],
      Assign: {
        name: query('$states.context.Execution.Name'),
        ids: query('[$states.input.ids]'),
        since: query('$exists($states.input.since) ? $states.input.since : null'),
        until: query('$exists($states.input.until) ? $states.input.until : null'),
        reset: query('$exists($states.input.rebuild) ? $states.input.rebuild = true : false'),
        manifest: query('$exists($states.input.export) ? $states.input.export : null'),
        wanted: query('$exists($states.input.segments) ? $states.input.segments : 0'),
      },
      Default: 'Measured',
    },
    Measured: {
      ...task(parts, 'aws-sdk:dynamodb:describeTable', { TableName: parts.events }),
      Assign: {
        total: query('$count($ids) > 0 ? $count($ids) : $states.result.Table.ItemCount'),
        segments: query(
          `$wanted > 0 ? $wanted : $min([${MOST_PARTS}, $max([${LEAST_PARTS}, ` +
            `$ceil($states.result.Table.TableSizeBytes / ${PART_BYTES}), ` +
            `$ceil($states.result.Table.ItemCount / ${PART_ITEMS})])])`,
        ),
      },
      Output: {},
      Next: 'Announced',
    },
    Announced: {
      ...note(parts, `'/' & $name`, {
        total: { N: query('$string($total)') },
        unit: { S: query(`$count($ids) > 0 ? 'aggregates' : 'events'`) },
        begun: { S: query('$states.context.Execution.StartTime') },
      }),
      Output: query(
        `$count($ids) > 0 ? [$map($partition($ids, ${TOGETHER}), function($some) {{'ids': $some}})]` +
          ` : [[0..$segments - 1].{'segment': $, 'segments': $segments}]`,
      ),
      Next: files.length > 0 ? 'Source' : LABELS.replay,
    },
    ...(files.length > 0 && { Source: { Type: 'Choice', Choices: files, Default: LABELS.replay } }),
  };
}

function maps(parts: ReplayParts): JsonObject {
  const part = '$states.context.Map.Item.Value';
  return {
    [LABELS.replay]: { ...map(parts, LABELS.replay, query(part)), Items: query('$states.input') },
    ...(parts.exports !== undefined && {
      [LABELS.files]: {
        ...map(parts, LABELS.files, { bucket: parts.exports, file: query(`${part}.dataFileS3Key`) }),
        ItemReader: {
          Resource: `arn:${parts.partition}:states:::s3:getObject`,
          ReaderConfig: { InputType: 'JSONL' },
          Arguments: { Bucket: parts.exports, Key: query('$manifest') },
        },
      },
    }),
  };
}

function map(parts: ReplayParts, label: string, part: unknown): JsonObject {
  return {
    Type: 'Map',
    Label: label,
    MaxConcurrency: parts.concurrency,
    ItemSelector: {
      name: query('$name'),
      place: query(`'${label}-' & $states.context.Map.Item.Index`),
      part,
      since: query('$since'),
      until: query('$until'),
      reset: query('$reset'),
    },
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      // Both maps do the same, and the names of states are unique in a machine.
      ...suffixed({ StartAt: 'Begun', States: partStates(parts) }, label === LABELS.replay ? '' : ` (${label})`),
    },
    Next: 'Done',
  };
}

/** States whose names, and what leads to them, have a suffix. */
function suffixed(flow: JsonObject, suffix: string): JsonObject {
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return ['StartAt', 'Next', 'Default'].includes(key) ? `${value}${suffix}` : value;
    if (Array.isArray(value)) return value.map((one) => walk(one, ''));
    if (typeof value !== 'object' || value === null) return value;
    const within = (name: string) => (key === 'States' ? `${name}${suffix}` : name);
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [within(name), walk(one, name)]));
  };
  return walk(flow, '') as JsonObject;
}

/** States for one part: list, catch up, record progress, repeat. */
function partStates(parts: ReplayParts): JsonObject {
  return {
    Begun: {
      Type: 'Choice',
      Choices: [
        {
          Condition: query('$exists($states.input.part.ids)'),
          Assign: { ...BEGIN, some: query('$states.input.part.ids'), part: {} },
          Next: 'Catch up',
        },
      ],
      Assign: { ...BEGIN, some: [], part: query('$states.input.part') },
      Default: 'List',
    },
    List: {
      ...call(parts, parts.lister, LISTER_TIMEOUT, query(`$merge([$part, {'since': $after, 'cursor': $cursor}])`)),
      Assign: {
        some: query('[$states.result.Payload.aggregates]'),
        cursor: query('$states.result.Payload.cursor'),
        items: query('$items + $states.result.Payload.items'),
      },
      Output: {},
      Next: 'Found',
    },
    Found: {
      Type: 'Choice',
      Choices: [{ Condition: query('$count($some) > 0'), Next: 'Catch up' }],
      Default: 'Noted',
    },
    'Catch up': {
      Type: 'Map',
      Items: query(`$partition($some, ${TOGETHER})`),
      MaxConcurrency: 1,
      ItemProcessor: {
        StartAt: 'Some',
        States: {
          Some: {
            ...call(parts, parts.handler, parts.handlerTimeout, {
              replay: {
                aggregates: query('[$states.input]'),
                ...(parts.publishes ? { since: query('$after'), until: query('$before') } : { reset: query('$anew') }),
              },
            }),
            Output: {
              aggregates: query('$states.result.Payload.aggregates'),
              applied: query('$states.result.Payload.applied'),
              parked: query('$count($states.result.Payload.parked)'),
            },
            End: true,
          },
        },
      },
      Assign: {
        aggregates: query('$aggregates + $sum($states.result.aggregates)'),
        applied: query('$applied + $sum($states.result.applied)'),
        parked: query('$parked + $sum($states.result.parked)'),
      },
      Output: {},
      Next: 'Noted',
    },
    Noted: {
      ...note(parts, `$replay & '/' & $place`, {
        items: { N: query('$string($items)') },
        aggregates: { N: query('$string($aggregates)') },
        applied: { N: query('$string($applied)') },
        parked: { N: query('$string($parked)') },
      }),
      Output: {},
      Next: 'More',
    },
    More: {
      Type: 'Choice',
      Choices: [{ Condition: query('$cursor != null'), Next: 'List' }],
      Default: 'Counted',
    },
    Counted: { Type: 'Succeed', Output: query('[$items, $aggregates, $applied, $parked]') },
  };
}

const BEGIN: JsonObject = {
  replay: query('$states.input.name'),
  place: query('$states.input.place'),
  after: query('$states.input.since'),
  before: query('$states.input.until'),
  anew: query('$states.input.reset'),
  cursor: query('null'),
  ...{ items: 0, aggregates: 0, applied: 0, parked: 0 },
};

function ends(parts: ReplayParts): JsonObject {
  const { exports, publishes } = parts;
  const sum = (place: number) => query(`$sum($map($states.input, function($part) {$part[${place}]}))`);
  const fields = fieldsOf(parts).join(', ');
  return {
    Done: {
      Type: 'Succeed',
      Output: { events: sum(0), aggregates: sum(1), applied: sum(2), parked: sum(3) },
    },
    Refused: {
      Type: 'Fail',
      Error: 'ReplayRefused',
      Cause: `A replay takes ${fields}, and nothing else${exports === undefined && !publishes ? "; for an export, give the store 'exports'" : ''}`,
    },
  };
}

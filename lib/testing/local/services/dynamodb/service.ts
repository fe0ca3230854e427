import { AwsError, jsonResponse } from '../../kernel/aws-errors';
import { type Call, header, type HttpResponse } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { startDynamoDb } from '../../../engines/dynamodb';
import type { Program } from '../../../engines/program';
import type { Need } from '../../kernel/judge';
import { isRecord, type JsonObject, parseJson, recordOf, text } from '../../kernel/json';
import type { LocalContext, LocalService } from '../../kernel/service';
import { needsOn, streamSource } from '../event-source-mappings/stream-source';
import { POLLERS } from '../../../../core/iam/platform-actions';
import { DynamoDbArns } from './arns';
import { ClientPlace } from './client-place';
import { Conflicts } from './conflicts';
import { EngineCalls } from './engine-calls';
import { errorOf, Faults } from './faults';
import { IndexReads } from './index-reads';
import { keysOf, needsOf } from './needs';
import { setsPlaces, withPlacesInLists } from './list-places';
import { withItemAtLimit } from './page-limit';
import { checkLimits, checkSizeOfRead } from './request-limits';
import { KinesisFeed } from './kinesis-feed';
import { streamOfIterator, toEngineIterator, withStreamArn } from './iterators';
import { TABLE_STREAM } from './stream-format';
import { Turns } from './turns';
import { StreamViews } from './stream-views';
import {
  capacityFault,
  createTable,
  differenceOf,
  feedsKinesis,
  kinesisDestination,
  timeToLive,
  regionsElsewhere,
} from './tables';
import { Writes } from './writes';

const TABLES = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'];

/** Operations that the engines serve. */
const SERVED = [
  ...['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan', 'BatchGetItem', 'BatchWriteItem'],
  ...['TransactGetItems', 'TransactWriteItems', 'ExecuteStatement', 'BatchExecuteStatement', 'ExecuteTransaction'],
  ...['CreateTable', 'UpdateTable', 'DeleteTable', 'DescribeTable', 'ListTables', 'DescribeTimeToLive'],
  ...['UpdateTimeToLive', 'TagResource', 'UntagResource', 'ListTagsOfResource'],
  ...['ListStreams', 'DescribeStream', 'GetShardIterator', 'GetRecords'],
];

/** Amazon DynamoDB, on an engine with in-memory tables. */
export function dynamodb(context: LocalContext): LocalService {
  const tables = [...context.deployment.ofType(...TABLES)];
  let keys = keysOf(tables);
  const arns = new DynamoDbArns(tables, context.arn('dynamodb', 'table/'));
  const faults = new Faults(context.options.faults, context.options.seed);
  const conflicts = new Conflicts();
  const views = new StreamViews();
  const indexReads = new IndexReads();
  const turns = new Turns();
  const writes = new Writes();
  const feeds: KinesisFeed[] = [];
  let program: Program | undefined;
  let engine: EngineCalls | undefined;

  async function start(): Promise<void> {
    if (tables.length === 0) return;
    const calls = await begun();
    await Promise.all(tables.map((table) => create(table, calls)));
  }

  async function begun(): Promise<EngineCalls> {
    if (engine) return engine;
    program = await startDynamoDb(context.options.engine, context.data.directory('tables'));
    engine = new EngineCalls(program.port);
    context.runsOn(`DynamoDB on ${program.name}`);
    return engine;
  }

  async function make(table: Deployed): Promise<void> {
    tables.push(table);
    keys = keysOf(tables);
    arns.add(table);
    await create(table, await begun());
  }

  async function create(table: Deployed, calls: EngineCalls): Promise<void> {
    const report = (reason: string) => context.unsupported({ resource: table.displayName, type: table.type, reason });
    const twin = tables.find((other) => other.name === table.name && other !== table);
    if (twin)
      report(`it has the same name as '${twin.displayName}' in another account or region: they share one table here`);
    const elsewhere = regionsElsewhere(table, context.region);
    if (elsewhere.length > 0)
      report(`its replicas in ${elsewhere.join(', ')} are not run: nothing is replicated to or from there`);
    const fault = capacityFault(table);
    if (fault !== undefined) report(`AWS refuses to create it: One or more parameter values were invalid: ${fault}`);
    views.add(table);
    conflicts.add(table);
    indexReads.add(table);
    let changes: string | undefined;
    let kept = false;
    for (const [operation, input] of [createTable(table), timeToLive(table)].filter((step) => step !== undefined)) {
      const { status, body } = await calls.call(operation, input);
      const answer = recordOf(parseJson(String(body)));
      if (status !== 200 && text(answer.__type)?.endsWith('#ResourceInUseException')) {
        kept = true;
        changes = await find(table, calls, report);
      } else if (status !== 200) report(`${operation} failed: ${text(answer.message) ?? String(body)}`);
      const description = recordOf(answer.TableDescription);
      changes ??= text(description.LatestStreamArn);
      arns.learn(table, description);
    }
    const why = feedsKinesis(table) ? await feed(table, calls, changes, kept) : undefined;
    if (why !== undefined) report(`its changes are not sent to a Kinesis stream, since ${why}: its readers get none`);
    if (table.properties.ImportSourceSpecification !== undefined)
      report('nothing is imported into it: it starts empty');
    if (timeToLive(table)) report('expired items are not deleted: handlers see them, as they may on AWS for days');
  }

  /** Forwards a table's changes. @returns why not, if they are not forwarded */
  async function feed(
    table: Deployed,
    calls: EngineCalls,
    changes: string | undefined,
    kept: boolean,
  ): Promise<string | undefined> {
    const to = kinesisDestination(table);
    if (!to) return 'the template does not tell which, for this region';
    if (!context.eventSource(to.stream)) return `'${to.stream}' is in no template`;
    if (changes === undefined) return 'the stored table has no stream: delete the data directory to recreate it';
    const made = new KinesisFeed(context, table, to, calls, changes, () => writes.of(table.arn));
    feeds.push(made);
    await made.start(kept);
    return undefined;
  }

  /**
   * Reuses a stored table. The engine cannot change its keys; other differences are not checked.
   * @returns the engine's stream of it
   */
  async function find(
    table: Deployed,
    calls: EngineCalls,
    report: (reason: string) => void,
  ): Promise<string | undefined> {
    const { body } = await calls.call('DescribeTable', { TableName: table.name });
    const kept = recordOf(recordOf(parseJson(String(body))).Table);
    const difference = differenceOf(table, kept);
    if (difference) report(`the stored table has different ${difference}: delete the data directory to recreate it`);
    arns.learn(table, kept);
    return text(kept.LatestStreamArn);
  }

  function placeOf(call: Call): ClientPlace {
    return new ClientPlace(call, (name) => tables.find((table) => table.name === name));
  }

  function needsAt(call: Call, place: ClientPlace): readonly Need[] {
    return needsOf(call, { arnOf: (name) => place.arnOf(name, arns.ofTable(name)), keys });
  }

  async function handle(call: Call): Promise<HttpResponse> {
    const { operation, input } = call;
    const place = placeOf(call);
    const needs = needsAt(call, place);
    if (place.lacksOne) throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
    checkLimits(operation, input, keys);
    // Only what is over is in the stream.
    const work = () => conflicts.during(operation, input, () => answered(call)).finally(() => writes.note(needs));
    // Calls from the tests themselves are always answered.
    if (call.caller.policies === 'everything') return work();
    const met = conflicts.meets(operation, input);
    if (met) throw met;
    const fault = faults.next(operation);
    const done = () => (operation === 'TransactGetItems' ? conflicts.reading(operation, input, work) : work());
    const answer = fault === undefined || fault === 'lost' ? await done() : undefined;
    if (fault) throw errorOf(fault, operation, input);
    return answer!;
  }

  async function itemOf({ TableName, Key }: JsonObject): Promise<JsonObject | undefined> {
    const name = text(TableName)?.split('/').at(-1);
    const answer = await engine?.call('GetItem', { TableName: name, Key, ConsistentRead: true });
    const { Item } = recordOf(parseJson(String(answer?.body)));
    return isRecord(Item) ? Item : undefined;
  }

  async function answered({ operation, request, input }: Call): Promise<HttpResponse> {
    if (!engine) {
      if (operation === 'ListTables') return jsonResponse({ TableNames: [] });
      throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
    }
    const iterates = operation === 'GetRecords';
    const target = header(request, 'x-amz-target');
    if (target === undefined) throw new AwsError('UnknownOperationException', 'The call names no target', 400);
    const widened = indexReads.widened(operation, input);
    const passed = async (asked: JsonObject) => {
      const changed = asked === input ? request.body : Buffer.from(JSON.stringify(asked));
      const body = iterates ? Buffer.from(toEngineIterator(input)) : changed;
      return engine!.pass(target, arns.toEngine(body));
    };
    const read = async (asked: JsonObject) => {
      const page = await passed(asked);
      return program?.name === 'dynoxide' ? withItemAtLimit(operation, asked, page, passed) : page;
    };
    const response = setsPlaces(operation, input)
      ? await turns.alone(async () => passed(await withPlacesInLists(operation, input, itemOf)))
      : await turns.together(() => read(widened?.input ?? input));
    checkSizeOfRead(operation, response);

    if (widened) return widened.narrow(response);
    if (iterates) return views.shown(operation, withStreamArn(response, input), streamOfIterator(input));
    if (operation === 'GetShardIterator') return withStreamArn(response, input);
    const named = /Stream|Table|Backup|TimeToLive|Tag/.test(operation);
    if (!named) return response;
    return views.shown(operation, { ...response, body: arns.toTemplate(String(response.body)) });
  }

  return {
    resourceTypes: TABLES,
    api: {
      signingNames: ['dynamodb'],
      protocol: 'json',
      denial: { code: 'AccessDeniedException', status: 400 },
      needs: (call) => (SERVED.includes(call.operation) ? needsAt(call, placeOf(call)) : undefined),
      handle,
    },
    handles: { table: { types: TABLES, of: ({ name }) => ({ name }) } },
    start,
    make,
    eventSource: (arn) =>
      arns.hasStream(arn)
        ? streamSource(context, TABLE_STREAM, needsOn(arn, POLLERS.tableStream.granted), arn, () => writes.of(arn))
        : undefined,
    pending: async () => {
      const sent = (await Promise.all(feeds.map((one) => one.pending()))).reduce((sum, one) => sum + one, 0);
      return sent === 0 ? [] : [`${sent} changes on their way through Kinesis`];
    },
    stop: async () => {
      await Promise.all(feeds.map((one) => one.stop()));
      engine?.close();
      await program?.stop();
    },
  };
}

import { check } from '../../core/check/check';
import { having, needed } from '../../core/check/kinds';
import { kindChecks } from '../../core/check/shape';
import { BUCKET, QUEUE, SECRET, TOPIC } from '../resource-kinds';

/** What access is asked for, by the method of `Access`. */
const KINDS = {
  admitting: having('a resource', 'env', 'pass the imported resource itself'),
  table: having(
    'a table of DynamoDB',
    'tableArn',
    "pass the table: new EntityTable(...), or Table.fromTableArn(this, 'Orders', arn)",
  ),
  bucket: BUCKET,
  queue: QUEUE,
  topic: TOPIC,
  stream: having('a stream of Kinesis', 'streamArn', "pass the stream: Stream.fromStreamArn(this, 'Clicks', arn)"),
  secret: SECRET,
  parameter: having(
    'a parameter',
    'parameterArn',
    "pass it: StringParameter.fromStringParameterName(this, 'Limit', '/shop/limit')",
  ),
  stateMachine: having('a state machine', 'stateMachineArn', "pass the machine; 'saga.start()' is that of a Saga"),
  function: having('a function', 'functionArn', "pass the function, such as the 'handler' of a pattern"),
  bus: having('an event bus', 'eventBusName', "pass the bus; 'hub.publish(...)' is that of an EventHub"),
};

/**
 * A resource that access is requested for.
 * @param name the method of `Access`
 * @throws PatternError when it is missing, such as a field read before it is set, or something else
 */
export function present<T>(name: keyof typeof KINDS, resource: T): T {
  const kind = needed(KINDS[name], 'pass the construct, which must be created before this line', 'must be a construct');
  check(`Access.${name}`, kindChecks(kind, name, resource));
  return resource;
}

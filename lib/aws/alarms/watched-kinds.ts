import { duration, having, needed } from '../../core/check/kinds';
import { QUEUE } from '../resource-kinds';

const watched = (what: string, member: string, remedy: string) => needed(having(what, member, remedy), remedy);

/** What methods of `Alarms` watch. */
export const WATCHED = {
  function: watched('a function', 'functionArn', "pass the function, such as the 'handler' of a pattern"),
  mapping: watched('an event source mapping', 'eventSourceMappingId', 'pass the mapping'),
  queue: needed(QUEUE, 'pass the queue'),
  rule: watched('a rule of EventBridge', 'ruleArn', 'pass the rule, and the bus that it is of'),
  bus: watched('an event bus', 'eventBusName', 'pass the rule, and the bus that it is of'),
  table: watched('a table of DynamoDB', 'tableArn', 'pass the table'),
  api: watched('an API', 'metricServerError', 'pass the ServerlessApi, or an API of CDK'),
  stateMachine: watched('a state machine', 'stateMachineArn', "pass the machine, such as the 'machine' of a Saga"),
  age: needed(duration(), 'write Duration.minutes(5)'),
};

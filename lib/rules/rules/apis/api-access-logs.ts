import { at } from '../../../core/model/select';
import { absences } from '../../each-property';
import { each, type Rule } from '../../rule';

const PROPERTY: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::Stage': 'AccessLogSetting',
  'AWS::ApiGatewayV2::Stage': 'AccessLogSettings',
};

export const apiAccessLogs: Rule = {
  id: 'ApiAccessLogs',
  severity: 'warning',
  title: 'A stage of an API logs its requests',
  why: 'A request that the API refuses never reaches a function: without access logs nobody sees it.',
  fix: 'set access logs with a log group and a format that has the request id, the caller and the status',
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html',
  check: each(Object.keys(PROPERTY), function* (stage) {
    const property = PROPERTY[stage.type]!;
    for (const when of absences(at(stage, `${property}.DestinationArn`))) {
      yield { resource: stage, property, message: `does not log its requests${when}` };
    }
  }),
};

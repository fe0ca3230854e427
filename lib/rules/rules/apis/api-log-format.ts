import { at, eachBranch, inWords, isUnknown, toText } from '../../../core/model/select';
import { Text } from '../../../core/model/values';
import { each, type Rule } from '../../rule';

const PROPERTY: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::Stage': 'AccessLogSetting.Format',
  'AWS::ApiGatewayV2::Stage': 'AccessLogSettings.Format',
};

export const apiLogFormat: Rule = {
  id: 'ApiLogFormat',
  severity: 'warning',
  title: 'The access log of an API is JSON',
  why: 'CloudWatch Logs discovers fields only in JSON: any other format is searched as text, line by line.',
  fix: 'write Format as one line of JSON with $context variables',
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html',
  check: each(Object.keys(PROPERTY), function* (stage) {
    const property = PROPERTY[stage.type]!;
    for (const { value, when } of eachBranch(at(stage, property))) {
      if (value === undefined) continue;
      const text = value instanceof Text ? toText(value.parts[0]) : toText(value);
      if (text === undefined) {
        const reason = isUnknown(value) ? value.reason : 'its beginning is known only at deployment';
        yield { resource: stage, property, reason };
      } else if (!text.trimStart().startsWith('{')) {
        yield { resource: stage, property, message: `is not JSON${inWords(when)}` };
      }
    }
  }),
};

import { eachAbsence } from '../../each-property';
import type { Rule } from '../../rule';

export const logGroupRetention: Rule = {
  id: 'LogGroupRetention',
  severity: 'warning',
  title: 'A log group has a retention',
  why: 'Without one, logs are kept and paid for forever, including the personal data in them.',
  fix: 'set RetentionInDays',
  source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html',
  check: eachAbsence(['AWS::Logs::LogGroup'], 'RetentionInDays', 'keeps its logs forever'),
};

import { alarmAction } from '../../../../lib/rules/rules/observability/alarm-action';
import { describeAccepted, describeFaults, inProduction, OPEN } from '../faults';
import { alarm } from './templates';

const PAGES = 'arn:aws:sns:eu-west-1:111122223333:pages';
const told = { ...alarm(PAGES), Other: alarm(PAGES).Alarm };
const silent = { 'Alarm.AlarmActions': undefined };
const named = { ...silent, 'Alarm.AlarmName': 'jobs-late' };

describeFaults(alarmAction, told, [
  {
    mistake: 'an alarm that tells nobody',
    change: silent,
    message: 'has no action, unlike other alarms, and nothing acts on it',
    open: { 'Alarm.AlarmActions': OPEN },
    openButFine: { 'Alarm.AlarmActions': [OPEN] },
  },
  {
    mistake: 'an alarm that only a dashboard shows',
    change: {
      ...silent,
      Dashboard: {
        Type: 'AWS::CloudWatch::Dashboard',
        Properties: {
          DashboardBody: { 'Fn::Sub': '{"widgets":[{"type":"alarm","properties":{"alarms":["${Alarm.Arn}"]}}]}' },
        },
      },
    },
    message: 'has no action',
  },
  {
    mistake: 'an alarm whose name is a part of the one that a composite alarm has',
    change: {
      ...named,
      Any: {
        Type: 'AWS::CloudWatch::CompositeAlarm',
        Properties: { AlarmRule: 'ALARM("jobs-late-at-night")', AlarmActions: ['arn:aws:sns:x:1:y'] },
      },
    },
    message: 'has no action',
  },
]);

describeAccepted(alarmAction, told, [
  {
    accepts: 'an action in production alone',
    change: { 'Alarm.AlarmActions': inProduction(['arn:aws:sns:x:1:y'], []) },
  },
  { accepts: 'alarms that nobody is told of, all alike', change: { ...silent, Other: undefined } },
  { accepts: 'an alarm that is muted', change: { ...silent, 'Alarm.ActionsEnabled': false } },
  {
    accepts: 'an alarm that a deployment looks at',
    change: {
      ...silent,
      Deployments: {
        Type: 'AWS::CodeDeploy::DeploymentGroup',
        Properties: { AlarmConfiguration: { Alarms: [{ Name: { Ref: 'Alarm' } }] } },
      },
    },
  },
  {
    accepts: 'an alarm that a composite one names',
    change: {
      ...named,
      Any: {
        Type: 'AWS::CloudWatch::CompositeAlarm',
        Properties: { AlarmRule: 'ALARM("jobs-late") OR ALARM("b")', AlarmActions: ['arn:aws:sns:x:1:y'] },
      },
    },
  },
  {
    accepts: 'an alarm that a health check follows',
    change: {
      ...named,
      Health: {
        Type: 'AWS::Route53::HealthCheck',
        Properties: {
          HealthCheckConfig: {
            Type: 'CLOUDWATCH_METRIC',
            AlarmIdentifier: { Name: 'jobs-late', Region: 'eu-west-1' },
          },
        },
      },
    },
  },
  {
    accepts: 'an alarm whose changes a rule catches by their type',
    change: {
      ...silent,
      Changes: {
        Type: 'AWS::Events::Rule',
        Properties: { EventPattern: { 'detail-type': ['CloudWatch Alarm State Change'] } },
      },
    },
  },
  {
    accepts: 'an alarm whose changes a rule catches',
    change: {
      ...silent,
      Changes: {
        Type: 'AWS::Events::Rule',
        Properties: { EventPattern: { source: ['aws.cloudwatch'], 'detail-type': ['CloudWatch Alarm State Change'] } },
      },
    },
  },
]);

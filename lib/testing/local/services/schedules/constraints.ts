import type { Constraints } from '../../kernel/constraints';

const SCHEDULE = {
  Description: [0, 512],
  'FlexibleTimeWindow.MaximumWindowInMinutes': [1, 1440],
  ScheduleExpression: [1, 256],
  ScheduleExpressionTimezone: [1, 50],
  'Target.Input': [1, Infinity],
  'Target.RetryPolicy.MaximumEventAgeInSeconds': [60, 86_400],
  'Target.RetryPolicy.MaximumRetryAttempts': [0, 185],
} as const;

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
export const CONSTRAINTS: Constraints = {
  CreateSchedule: SCHEDULE,
  CreateScheduleGroup: { Name: [1, 64], Tags: [0, 200] },
  ListScheduleGroups: { MaxResults: [1, 100] },
  ListSchedules: { MaxResults: [1, 100] },
  TagResource: { Tags: [0, 200] },
  UpdateSchedule: SCHEDULE,
};

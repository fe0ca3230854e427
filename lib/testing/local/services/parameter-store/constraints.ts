import type { Constraints } from '../../kernel/constraints';

/** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html */
export const CONSTRAINTS: Constraints = {
  DeleteParameters: { Names: [1, 10] },
  DescribeParameters: { MaxResults: [1, 50] },
  GetParameterHistory: { MaxResults: [1, 50] },
  GetParameters: { Names: [1, 10] },
  GetParametersByPath: { MaxResults: [1, 10] },
  LabelParameterVersion: { Labels: [1, 10], 'Labels[]': [1, 100] },
  PutParameter: { AllowedPattern: [0, 1024], Description: [0, 1024] },
};

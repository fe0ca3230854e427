import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { PatternConstruct } from '../pattern-construct';
import { watchedFunction } from './of-function';

/** A construct around one function, whose metrics it exposes. */
export abstract class HandlerConstruct extends PatternConstruct {
  /** The function. */
  abstract readonly handler: IFunction;

  /** Invocations of the handler. */
  metricInvocations(options?: MetricOptions): Metric {
    return watchedFunction(this.handler).metricInvocations(options);
  }

  /** Failed invocations. */
  metricErrors(options?: MetricOptions): Metric {
    return watchedFunction(this.handler).metricErrors(options);
  }

  /** Throttled invocations. */
  metricThrottles(options?: MetricOptions): Metric {
    return watchedFunction(this.handler).metricThrottles(options);
  }

  /** Milliseconds per invocation, on average. */
  metricDuration(options?: MetricOptions): Metric {
    return watchedFunction(this.handler).metricDuration(options);
  }
}

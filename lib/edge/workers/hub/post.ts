import { subscriber } from '../../../runtime/edge/subscriber';
import { eventPoster } from '../../../runtime/events/over-http';

interface Env {
  readonly URL: string;
  readonly SECRET: string;
}

/** Forwards events over HTTP, signed. Failures are retried, and end in the dead-letter queue. */
export default subscriber<object, Env>({
  on: {},
  otherwise: (_, event, { URL, SECRET }) => eventPoster({ url: URL, secret: SECRET })(event),
});

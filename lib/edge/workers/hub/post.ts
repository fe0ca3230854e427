import { subscriber } from '../../../runtime/edge/subscriber';
import { eventPoster } from '../../../runtime/events/over-http';

interface Env {
  readonly URL: string;
  readonly SECRET: string;
}

/** Passes events on over HTTP, signed. What is not taken comes again, and ends in the dead-letter queue. */
export default subscriber<object, Env>({
  on: {},
  otherwise: (_, event, { URL, SECRET }) => eventPoster({ url: URL, secret: SECRET })(event),
});

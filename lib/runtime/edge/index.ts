export { type CloudEvent, type NewEvent } from '../events/cloud-event';
export { eventPoster, type EventPosterProps } from '../events/over-http';
export {
  type EventTypes,
  type Publisher,
  PublishError,
  type PublisherProps,
  type PublishOptions,
  type Unpublished,
} from '../events/publishing';
export {
  type BookmarkedSession,
  databaseSession,
  type DatabaseSession,
  type DatabaseSessionProps,
  type WithSessions,
} from './database-session';
export { type EdgeHubBinding, publisher } from './publisher';
export { type EdgeEventHandler, subscriber, type Subscriber, type SubscriberProps } from './subscriber';
export { turso } from './turso';
export type { TursoSettings } from '../database/http';

import { tolerance } from '../../core/facts/webhooks';
import type { SignatureScheme } from './signature';

/** A sender whose signature scheme is known. */
export type WebhookSender =
  | 'github'
  | 'meta'
  | 'paddle'
  | 'shopify'
  | 'slack'
  | 'square'
  | 'standard-webhooks'
  | 'stripe'
  | 'twilio'
  | 'zoom';

const HEX_OF_BODY = { algorithm: 'sha256', encoding: 'hex', payload: '{body}', secretEncoding: 'text' } as const;

/** Each sender's signature scheme, from its documentation. */
export const PRESETS: Readonly<Record<WebhookSender, SignatureScheme>> = {
  // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
  github: { ...HEX_OF_BODY, header: 'X-Hub-Signature-256' },
  // https://developers.facebook.com/docs/graph-api/webhooks/getting-started
  meta: { ...HEX_OF_BODY, header: 'X-Hub-Signature-256' },
  // https://developer.paddle.com/webhooks/signature-verification
  paddle: { ...HEX_OF_BODY, header: 'Paddle-Signature', payload: '{timestamp}:{body}', tolerance: tolerance.value },
  // https://shopify.dev/docs/apps/build/webhooks/subscribe/https
  shopify: { ...HEX_OF_BODY, header: 'X-Shopify-Hmac-Sha256', encoding: 'base64' },
  // https://docs.slack.dev/authentication/verifying-requests-from-slack
  slack: {
    ...HEX_OF_BODY,
    header: 'X-Slack-Signature',
    timestampHeader: 'X-Slack-Request-Timestamp',
    payload: 'v0:{timestamp}:{body}',
    tolerance: tolerance.value,
  },
  // https://developer.squareup.com/docs/webhooks/step3validate
  square: { ...HEX_OF_BODY, header: 'X-Square-HmacSha256-Signature', encoding: 'base64', payload: '{url}{body}' },
  // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
  'standard-webhooks': {
    algorithm: 'sha256',
    encoding: 'base64',
    secretEncoding: 'base64',
    header: 'Webhook-Signature',
    timestampHeader: 'Webhook-Timestamp',
    idHeader: 'Webhook-Id',
    payload: '{id}.{timestamp}.{body}',
    tolerance: tolerance.value,
  },
  // https://docs.stripe.com/webhooks/signatures
  stripe: { ...HEX_OF_BODY, header: 'Stripe-Signature', payload: '{timestamp}.{body}', tolerance: tolerance.value },
  // https://www.twilio.com/docs/usage/security
  twilio: {
    algorithm: 'sha1',
    encoding: 'base64',
    secretEncoding: 'text',
    header: 'X-Twilio-Signature',
    payload: '{url}{params}',
  },
  // https://developers.zoom.us/docs/api/webhooks/
  zoom: {
    ...HEX_OF_BODY,
    header: 'X-Zm-Signature',
    timestampHeader: 'X-Zm-Request-Timestamp',
    payload: 'v0:{timestamp}:{body}',
    tolerance: tolerance.value,
  },
};

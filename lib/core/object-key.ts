/**
 * The key of an object as S3 writes it into notifications and matches their filters against it: as in a form, but for the
 * slashes. EventBridge has the plain key in its events.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
 */
export function encodedKey(key: string): string {
  return encodeURIComponent(key)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/');
}

/** The key of an object in a notification, as its plain text. */
export function decodedKey(key: string): string {
  return decodeURIComponent(key.replaceAll('+', ' '));
}

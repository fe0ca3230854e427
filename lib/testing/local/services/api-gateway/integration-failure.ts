/** A misconfiguration that makes an integration fail here and on AWS. The API answers with an internal server error. */
export class IntegrationFailure extends Error {
  override readonly name = 'IntegrationFailure';
}

/** The event exceeds a function's payload limit. */
export class PayloadTooLarge extends Error {
  override readonly name = 'PayloadTooLarge';
}

/** The client's body does not suit a template or mapping. */
export class BadRequestBody extends Error {
  override readonly name = 'BadRequestBody';
}

/**
 * Something AWS can do and this run cannot. Answered with 501 on this run's behalf, whatever the API's own responses.
 */
export class NotRunHere extends Error {
  override readonly name = 'NotRunHere';
}

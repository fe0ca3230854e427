/** Why an integration fails, on AWS as here: a fault of its settings. The API answers with an internal server error. */
export class IntegrationFailure extends Error {
  override readonly name = 'IntegrationFailure';
}

/** The event is larger than a function takes. */
export class PayloadTooLarge extends Error {
  override readonly name = 'PayloadTooLarge';
}

/** The client's body is not what a template or mapping needs. */
export class BadRequestBody extends Error {
  override readonly name = 'BadRequestBody';
}

/** What this run cannot do, and AWS can. It is answered with 501 in this run's name, whatever the API's own responses say. */
export class NotRunHere extends Error {
  override readonly name = 'NotRunHere';
}

/** No request, message or schedule reaches it. */
export default { tail: () => undefined };

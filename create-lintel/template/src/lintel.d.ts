// Written by 'lintel types' from the synthesized app. Write it again when the app changes.

declare namespace Lintel {
  /** Variables of the handlers; a handler has those that list it. */
  interface Variables {
    /** __Stack__/Api/GET notes {id}/Handler, __Stack__/Api/POST notes/Handler */
    NOTES: string;
  }
  /** The data of events by type. */
  interface Events {
  }
  /** What may be published, by the name in 'access', the source and the type. */
  interface Publishers {
  }
}

declare namespace NodeJS {
  interface ProcessEnv extends Lintel.Variables {}
}

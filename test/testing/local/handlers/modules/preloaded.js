'use strict';
// Node loads it before the handler.
globalThis.preloaded = [process.env.OWN];

'use strict';

/** Answers as the event says, or with the event. */
exports.handler = async (event) => {
  if (event.rawPath === '/fail') throw new Error('broken');
  return event.rawPath === '/answer' ? JSON.parse(event.body) : event;
};

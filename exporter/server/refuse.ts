import type { Response } from 'express';

/** Answers that there are too many requests now. */
export function refuse(response: Response): void {
  response.status(503).set('Retry-After', '1').type('text').send('Too many requests, try again later.\n');
}

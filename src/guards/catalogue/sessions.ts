import type { Row } from './row.ts';

/** Middleware that leaves a session, cookies or tokens on the request and lets everybody through. */
export const SESSION_ROWS: readonly Row[] = Object.freeze<Row[]>([
  { package: 'client-sessions', verified: '0.8.0', export: 'default()', role: 'populates', members: ['session'], note: 'The member is called as `requestKey` or `cookieName` say.' },
  { package: 'connect-flash', verified: '0.1.1', export: 'default()', role: 'passes' },
  { package: 'cookie-parser', verified: '1.4.7', export: 'default()', role: 'populates', members: ['cookies', 'signedCookies'] },
  { package: 'cookie-session', verified: '2.1.1', export: 'default()', role: 'populates', members: ['session'] },
  { package: 'cookies', verified: '0.9.2', export: ['express()', 'connect()'], role: 'populates', members: ['cookies'] },
  { package: 'express-bearer-token', verified: '3.0.0', export: 'default()', role: 'populates', members: ['token'], note: 'Answers 400 when a request carries more than one token.' },
  { package: 'express-session', verified: '1.19.0', export: 'default()', role: 'populates', members: ['session', 'sessionID'] },
  { package: 'iron-session', verified: '8.0.4', export: 'getIronSession', role: 'decodes', credential: 0, style: 'resolves', note: 'Gives an empty session where there is no valid cookie.' },
  { package: 'iron-session', verified: '8.0.4', export: 'unsealData', role: 'decodes', credential: 0, style: 'resolves', note: 'Gives an empty object for what does not unseal.' },
]);

import type { Endpoint } from '../model.ts';

/** What endpoints are compared by, written down once for each: after an edit most of thousands are as they were. */
export class EndpointTexts {
  private readonly places = new WeakMap<Endpoint, string>();
  private readonly placesAndPaths = new WeakMap<Endpoint, string>();
  private readonly whole = new WeakMap<Endpoint, string>();
  private readonly registrations = new WeakMap<Endpoint, string>();

  place(endpoint: Endpoint): string {
    return textOf(this.places, endpoint, ({ file, line, column, methods }) => `${file}:${line}:${column} ${methods.join()}`);
  }

  placeAndPath(endpoint: Endpoint): string {
    return textOf(this.placesAndPaths, endpoint, (one) => `${this.place(one)} ${one.path}`);
  }

  placePathAndVerdicts(endpoint: Endpoint): string {
    return textOf(this.whole, endpoint, (one) => `${this.placeAndPath(one)} ${JSON.stringify([one.auth, one.rateLimit])}`);
  }

  /** All but the verdicts. */
  registration(endpoint: Endpoint): string {
    return textOf(this.registrations, endpoint, ({ kind, file, line, column, methods, path, handler, application }) => JSON.stringify([kind, file, line, column, methods, path, handler, application]));
  }
}

function textOf(known: WeakMap<Endpoint, string>, endpoint: Endpoint, write: (endpoint: Endpoint) => string): string {
  let text = known.get(endpoint);
  if (text === undefined) known.set(endpoint, (text = write(endpoint)));
  return text;
}

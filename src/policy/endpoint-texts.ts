import type { Endpoint } from '../model.ts';

/** What one endpoint is compared by, each text written down when it is asked for. */
class Texts {
  private readonly endpoint: Endpoint;
  private knownPlace: string | undefined;
  private knownPath: string | undefined;
  private knownWhole: string | undefined;
  private knownRegistration: string | undefined;

  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint;
  }

  get place(): string {
    const { file, line, column, methods } = this.endpoint;
    return (this.knownPlace ??= `${file}:${line}:${column} ${methods.join()}`);
  }

  get placeAndPath(): string {
    return (this.knownPath ??= `${this.place} ${this.endpoint.path}`);
  }

  get placePathAndVerdicts(): string {
    return (this.knownWhole ??= `${this.placeAndPath} ${JSON.stringify([this.endpoint.auth, this.endpoint.rateLimit])}`);
  }

  /** All but the verdicts. */
  get registration(): string {
    const { kind, file, line, column, methods, path, handler, application } = this.endpoint;
    return (this.knownRegistration ??= JSON.stringify([kind, file, line, column, methods, path, handler, application]));
  }
}

/** What endpoints are compared by, kept from one analysis to the next: after an edit most of thousands are as they were. */
export class EndpointTexts {
  private readonly known = new WeakMap<Endpoint, Texts>();

  of(endpoint: Endpoint): Texts {
    let texts = this.known.get(endpoint);
    if (texts === undefined) this.known.set(endpoint, (texts = new Texts(endpoint)));
    return texts;
  }
}

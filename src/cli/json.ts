import type { Analysis, AuthVerdict, Endpoint, EndpointKind, RateLimitVerdict } from '../model.ts';

/** One endpoint of the printed inventory. Its keys are a contract with the programs that read it. */
export interface InventoryEndpoint {
  readonly framework: string;
  readonly kind: EndpointKind;
  readonly methods: readonly string[];
  readonly path: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly handler: string;
  readonly mounted: boolean;
  readonly auth: AuthVerdict;
  readonly rateLimit: RateLimitVerdict;
}

/** The inventory as JSON, version 1, with a newline at the end. */
export function formatJson(analysis: Analysis): string {
  const { version, root, endpoints } = analysis;
  return `${JSON.stringify({ version, root, endpoints: endpoints.map(toInventory) }, undefined, 2)}\n`;
}

function toInventory(endpoint: Endpoint): InventoryEndpoint {
  const { framework, kind, methods, path, file, line, column, handler, mounted, auth, rateLimit } = endpoint;
  return { framework, kind, methods, path, file, line, column, handler, mounted, auth, rateLimit };
}

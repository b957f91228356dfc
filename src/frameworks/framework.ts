import type { RequestState } from '../guards/request-state.ts';
import type { ChainStep } from '../guards/chain.ts';
import type { Question } from '../guards/question.ts';
import type { Host } from '../interpreter/host.ts';
import type { Registration } from '../interpreter/amendments/amendment.ts';
import type { Interpreter } from '../interpreter/interpreter.ts';
import type { ClassObject, Condition, Site, Value } from '../interpreter/values.ts';
import type { EndpointKind, FrameworkName } from '../model.ts';

/** An application as the dry run left it. */
export interface FoundApplication {
  readonly framework: FrameworkName;
  readonly site: Site;
}

/** One registration under one chain of mounts. */
export interface Route {
  readonly framework: FrameworkName;
  /** Left out for HTTP. */
  readonly kind?: EndpointKind;
  readonly methods: readonly string[];
  /** As served, for people. */
  readonly path: string;
  /** Where the user would change it. */
  readonly place: Site;
  /** The registering statement, for tags above it. */
  readonly registration: Site;
  readonly handler: string;
  /** The class that the handler is a method of. */
  readonly owner?: { readonly name: string; readonly site: Site };
  readonly application: FoundApplication | undefined;
  /** What is decided where the route exists at all. */
  readonly conditions: readonly Condition[];
  /** Says why nothing can be told of requests to it; it has no chains then. */
  readonly unfollowed: string | undefined;
  /** Served to everyone by its nature: files of a public folder. */
  readonly isPublicByNature: boolean;
  /** True for a registration that may turn out to hand every request on, and is no endpoint then. */
  readonly mayBeMiddleware: boolean;
  /** True for a function that is mounted and may turn out to turn every request away: what nothing was found for. It is no endpoint then. */
  readonly mayRefuseAll?: boolean;
  /**
   * The chains to the handler, one for each shape of the path that can differ (an optional part left out).
   * The question says whose request it is.
   */
  chains(interpreter: Interpreter, question: Question): readonly RequestChain[];
}

export interface RequestChain {
  readonly steps: readonly ChainStep[];
  readonly state: RequestState;
  /** The request and all that stands on it, where several chains share it: what one chain did to it can be done again in another. */
  readonly world?: object;
  /** The same with a path that no list in the program can name: who is let through here is let through by that path. */
  readonly anonymousElsewhere?: () => RequestChain;
}

/** A model of packages. One instance holds what one dry run found. */
export interface PackageModel extends Partial<Pick<Host, 'getMember' | 'callExternal'>> {
  /** Packages whose import makes a file worth evaluating. */
  readonly packages: readonly string[];
  /** Of the files that import them, those that are evaluated without being asked for: their text matches; every one where left out. */
  readonly entry?: RegExp;
  importPackage: Host['importPackage'];
  /** What it keeps of the registration code stands on the heap, or in registrations. */
  readonly isFollowed?: boolean;
  /** Forgets what decorators of the class told it beside metadata. Left out where it cannot. */
  forgetDecorations?(created: ClassObject): void;
  /** True for values that only this model makes: a router, an application, a container. */
  owns(value: Value): boolean;
}

/** A file that the framework's own command is to run: it makes the application and registers what the file exports. */
export interface Command {
  readonly file: string;
  readonly prefix: string | undefined;
}

/** A framework's model. */
export interface Framework extends PackageModel {
  readonly name: FrameworkName;
  /** Code that makes an application, besides what looks like a registration. */
  readonly makes?: RegExp;
  /** The commands of the framework in a script of package.json. */
  commandsIn?(script: string): readonly Command[];
  /** Does what the command does with what the file exports. */
  runCommand?(interpreter: Interpreter, command: Command, exported: Value, site: Site): void;
  /** Runs what the program has planned and not waited for. */
  settle?(): void;
  applications(): readonly FoundApplication[];
  /** Asked once more after `amended`: what is as it was is the same object then. */
  routes(interpreter: Interpreter): readonly Route[];
  /** Registrations came or went since it was asked for its routes. Left out where nothing of it can be amended. */
  amended?(changes: readonly Registration[]): void;
  /** True for a class from whose decorators it makes routes and nothing else. */
  isMadeRoutesOf?(created: ClassObject): boolean;
  /** Such classes have other decorators or methods since it was asked for its routes. */
  redecorated?(classes: readonly ClassObject[]): void;
}

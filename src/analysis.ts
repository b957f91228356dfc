import { JudgedProgram } from './judged-program.ts';
import type { Analysis, Settings } from './model.ts';
import type { Project } from './project/project.ts';

export { Session } from './session/session.ts';

/** Everything that is known about one program: its routes from a dry run of the registration code, each with its verdicts. */
export function analyze(project: Project, settings: Settings): Analysis {
  const program = new JudgedProgram(project, settings);
  return program.analysis(program.routes.flatMap((route) => program.judge(route)));
}

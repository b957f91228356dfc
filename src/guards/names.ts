import { BoundFunction, ClassObject, External, FunctionObject, ModelObject, NativeFunction, type Value } from '../interpreter/values.ts';

/** What a person would call a function of a chain. */
export function nameOf(value: Value): string {
  if (value instanceof FunctionObject || value instanceof ClassObject || value instanceof NativeFunction) return value.name || '(anonymous)';
  if (value instanceof BoundFunction) return nameOf(value.target);
  if (value instanceof External) return externalName(value);
  if (value instanceof ModelObject) return value.behaviour.name;
  return '(not known)';
}

/** `passport.authenticate`, `helmet`, `express.json` */
function externalName(external: External): string {
  if (external.step === 'import') {
    const plain = external.package.replace(/^global:/, '');
    return external.name === 'default' || external.name === '*' ? plain : external.name;
  }
  const base = external.base ? externalName(external.base) : external.package;
  return external.step === 'get' ? `${base}.${external.name}` : base;
}

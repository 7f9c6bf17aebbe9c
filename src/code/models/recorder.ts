import type { SourceRange } from '../../core/model/model';
import type { ClassValue, Foreign, InstanceValue, Library, Value } from '../interpret/values';
import { eachWithin } from '../interpret/within';
import type { ModelFramework } from './framework';

/** Something that a framework made. */
export interface Made {
  readonly value: Foreign;
  readonly source: SourceRange;
  readonly assignedTo: string | undefined;
  readonly framework: ModelFramework;
}

/** Notes what frameworks make while a program runs. */
export class Recorder {
  readonly made = new Map<Foreign, Made>();
  /** In the order in which they were made. */
  readonly instances: InstanceValue[] = [];
  /** The first object of each class. */
  readonly firstOf = new Map<ClassValue, InstanceValue>();
  /** Objects that went into others. */
  readonly used = new Set<Value>();

  /** The same library, watched. */
  watch(framework: ModelFramework): Library {
    const { library } = framework;
    const recorder = this;
    const watched: Partial<Library> = {
      call(path, args, site, machine) {
        const result = library.call(path, args, site, machine);
        if (result?.kind !== 'foreign' || result.type === 'tensor') return result;
        // What goes into a layer or a model is a part of it; what goes into an optimiser or a loss is not.
        if (result.type === 'layer' || result.type === 'model') {
          for (const value of [...args.positional, ...args.named.values()]) recorder.use(value, result);
        }
        if (!recorder.made.has(result)) {
          recorder.made.set(result, { value: result, source: site.source, assignedTo: site.assignedTo, framework });
        }
        return result;
      },
      adopt(instance, basePath, site, machine) {
        recorder.instances.push(instance);
        if (!recorder.firstOf.has(instance.class)) recorder.firstOf.set(instance.class, instance);
        return library.adopt?.(instance, basePath, site, machine);
      },
    };
    return Object.assign(Object.create(library) as Library, watched);
  }

  private use(value: Value, into: Value): void {
    eachWithin(value, 3, (each) => {
      // Some calls give back what they are given.
      const isUsed = each !== into && (each.kind === 'foreign' || each.kind === 'instance');
      if (isUsed) this.used.add(each);
      // What a dict tells a layer are no parts of it.
      return each.kind === 'list' ? undefined : [];
    });
  }
}

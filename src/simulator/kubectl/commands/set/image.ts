import type { Command } from '../../command';
import { CommandError, throwAll } from '../../errors';
import { listAt, textAt } from '../../fields';
import { hasFiles, noResources } from '../../resources/builder';
import { changeContainers, podSpecPath } from './templates';
import { setFlags, setInfos, splitPairs, updateEach, withoutTemplate } from './update';

/** kubectl set image */
export const image: Command = {
  name: 'image',
  short: 'Update the image of a pod template',
  use: '(-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N',
  examples: ['kubectl set image deployment/web nginx=nginx:1.29'],
  flags: setFlags,
  *run(context) {
    const { pairs, resources } = splitPairs(context.args);
    const images = new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
    if (resources.length === 0 && !hasFiles(context)) throw pairs.length === 0 ? noResources() : new CommandError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
    const infos = yield* setInfos(context, resources);
    if (images.size === 0) throw new CommandError('at least one image update is required');
    if (images.has('*') && images.size > 1) throw new CommandError('all containers are already specified by *, but saw more than one container_name=container_image pairs');
    yield* updateEach(context, infos, 'image updated', (info) => {
      const path = podSpecPath(info.mapping);
      if (!path) throw withoutTemplate(info);
      const names = ['initContainers', 'containers'].flatMap((kind) => listAt(info.object, ...path, kind)).map((one) => textAt(one, 'name'));
      const problems = [...images.keys()].filter((name) => name !== '*' && !names.includes(name)).map((name) => new CommandError(`error: unable to find container named ${JSON.stringify(name)}`));
      if (problems.length === 1) throw new CommandError((problems[0] as CommandError).message.slice('error: '.length));
      throwAll(problems);
      return changeContainers(info.object, path, (container) => {
        const wanted = images.get('*') ?? images.get(textAt(container, 'name'));
        return wanted === undefined || wanted === container['image'] ? container : { ...container, image: wanted };
      });
    });
  },
};

import type { Plugin, World } from '../../framework';
import type { NodeInfo } from '../../cache';

const megabyte = 1024 * 1024;
const least = 23 * megabyte;
const mostPerContainer = 1000 * megabyte;

/** The name under which a node lists an image: one without a tag is the latest. */
const listed = (image: string): string => (image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image);

function sizeOn({ node }: NodeInfo, image: string): number {
  for (const { names, sizeBytes = 0 } of node.status?.images ?? []) if (names?.includes(image)) return sizeBytes;
  return 0;
}

/** Prefers nodes that have the Pod's images already, the more the larger they are and the more nodes have them. */
export const imageLocality: Plugin = {
  name: 'ImageLocality',
  weight: 1,
  prepareScore({ spec }, _, { cluster }: World) {
    const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
    const images = containers.map(({ image = '' }) => listed(image)).filter((image) => (cluster.images.get(image) ?? 0) > 0);
    if (images.length === 0) return undefined;
    const most = mostPerContainer * containers.length;
    return {
      score(node) {
        let sum = 0;
        for (const image of images) sum += Math.floor(sizeOn(node, image) * ((cluster.images.get(image) ?? 0) / cluster.nodes.size));
        return Math.floor((100 * (Math.min(most, Math.max(least, sum)) - least)) / (most - least));
      },
    };
  },
};

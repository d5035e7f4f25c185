export { balanced, Gate } from './gate';
export { controlPlaneImages } from './images';
export { controlPlaneManifests } from './manifests';
export { type ControlPlaneNode, controlPlaneNodes, createMember, type Member } from './member';

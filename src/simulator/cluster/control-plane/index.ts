export { Gate } from './gate';
export { controlPlaneImages } from './images';
export { controlPlaneManifests } from './manifests';
